using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.Extensions.Time.Testing;

namespace DynamicSurplus.Functions.Tests.Durable;

/// <summary>
/// A task hub on a virtual clock: instances, timers, activities with their retries, events. At every turn an
/// orchestrator is run from its start over its history.
/// </summary>
internal sealed class FakeTaskHub
{
    private readonly FakeTimeProvider _time;
    private readonly Random _dice;
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task>> _orchestrators = [];
    private readonly Dictionary<string, Func<string, Task<string>>> _activities = [];
    private readonly PriorityQueue<Func<Task>, (DateTimeOffset At, long Order)> _work = new();
    private long _order;

    public FakeTaskHub(FakeTimeProvider time, HubChaos? chaos = null)
    {
        _time = time;
        Chaos = chaos ?? new(Seed: 0);
        _dice = new(Chaos.Seed);
        Client = new(this);
    }

    public FakeDurableClient Client { get; }

    /// <summary>What goes wrong from now on.</summary>
    public HubChaos Chaos { get; set; }

    /// <summary>The latest instance of each id.</summary>
    public Dictionary<string, FakeInstance> Instances { get; } = [];

    /// <summary>Longest history that any instance has had at a turn.</summary>
    public int LongestHistory { get; private set; }

    /// <summary>Runs of orchestrators.</summary>
    public int Turns { get; private set; }

    /// <summary>Activities that were begun, by name; retries count.</summary>
    public Dictionary<string, int> Tries { get; } = [];

    public void Orchestrator(string name, Func<TaskOrchestrationContext, Task> run) => _orchestrators[name] = run;

    public void Activity<TInput, TResult>(string name, Func<TInput, Task<TResult>> run) =>
        _activities[name] = async input => DurableJson.Write(await run(DurableJson.Read<TInput>(input)!));

    public void Start(string id, string orchestrator, object? input)
    {
        if (IsRunning(id))
        {
            throw new InvalidOperationException($"An orchestration with the id {id} is running already.");
        }
        Begin(new(id, orchestrator, DurableJson.Write(input), _time.GetUtcNow()), []);
    }

    public void Raise(string id, string name, object? payload)
    {
        if (!IsRunning(id))
        {
            throw new InvalidOperationException($"No orchestration with the id {id} is running.");
        }
        if (_dice.NextDouble() < Chaos.LostEvents)
        {
            return;
        }
        var json = DurableJson.Write(payload);
        for (var copies = _dice.NextDouble() < Chaos.DoubledEvents ? 2 : 1; copies > 0; copies--)
        {
            // Whatever runs under the id then gets it, or nobody.
            Schedule(_time.GetUtcNow() + Delay(), () => Deliver(Instances[id], new(_time.GetUtcNow(), -1, name, json)));
        }
    }

    public bool IsRunning(string id) => Instances.TryGetValue(id, out var instance) && !instance.IsOver;

    /// <summary>Everything that happens until then, in order; the clock is there afterwards.</summary>
    public async Task RunUntilAsync(DateTimeOffset until)
    {
        while (_work.TryPeek(out _, out var next) && next.At <= until)
        {
            var work = _work.Dequeue();
            if (next.At > _time.GetUtcNow())
            {
                _time.SetUtcNow(next.At);
            }
            await work();
        }
        if (until > _time.GetUtcNow())
        {
            _time.SetUtcNow(until);
        }
    }

    private void Begin(FakeInstance instance, IReadOnlyList<(string Name, string Json)> events)
    {
        Instances[instance.Id] = instance;
        Schedule(_time.GetUtcNow() + Delay(), () => Turn(instance));
        foreach (var (name, json) in events)
        {
            Schedule(_time.GetUtcNow() + Delay(), () => Deliver(instance, new(_time.GetUtcNow(), -1, name, json)));
        }
    }

    private void Deliver(FakeInstance instance, Happening happening)
    {
        var current = Instances[instance.Id];
        if (happening.Task >= 0 ? current != instance || !instance.Open.Remove(happening.Task) : current.IsOver)
        {
            return; // of an earlier execution, cancelled, or too late
        }
        current.Happenings.Add(happening);
        Turn(current);
    }

    /// <summary>One turn: from the start, over everything that happened.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "An orchestrator's failure is its instance's.")]
    private void Turn(FakeInstance instance)
    {
        if (instance.IsOver || Instances[instance.Id] != instance)
        {
            return;
        }
        if (instance.Violation is { } violation)
        {
            throw violation;
        }
        Turns++;
        var context = new FakeOrchestrationContext(instance, replayed: instance.Happenings.Count - 1);
        var running = RunAsync(instance, context);
        LongestHistory = Math.Max(LongestHistory, instance.History.Count + instance.Happenings.Count);
        if (running.IsCompleted)
        {
            Finish(instance, context, running);
            return;
        }
        context.RequireWhole();
        if (!context.IsWaiting)
        {
            throw new NonDeterminismException($"{instance.Orchestrator} waits for something that is no durable task.");
        }
        while (instance.Asked.TryDequeue(out var asked))
        {
            if (instance.Open.Contains(asked.Place))
            {
                Put(instance, asked.Place, asked.Item, asked.Retry);
            }
        }
    }

    private Task RunAsync(FakeInstance instance, FakeOrchestrationContext context)
    {
        // Continuations run at once and in this thread: what an orchestrator does has one order.
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var running = _orchestrators[instance.Orchestrator](context);
            foreach (var happening in instance.Happenings)
            {
                if (running.IsCompleted)
                {
                    break;
                }
                context.Apply(happening);
            }
            return running;
        }
        finally
        {
            context.Close();
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private void Finish(FakeInstance instance, FakeOrchestrationContext context, Task running)
    {
        if (running.Exception?.InnerException is NonDeterminismException violation)
        {
            throw violation;
        }
        context.RequireWhole();
        if (context.Next is { } next)
        {
            var anew = new FakeInstance(instance.Id, instance.Orchestrator, next.Input, _time.GetUtcNow());
            Begin(anew, next.KeepsEvents ? [.. context.Unprocessed] : []);
            return;
        }
        instance.IsOver = true;
        instance.Failure = running.Exception?.InnerException;
        if (instance.Failure is null)
        {
            instance.Output = DurableJson.Write(running.GetType().GetProperty("Result")?.GetValue(running));
        }
        instance.OpenTimersAtEnd = instance.Open.Count;
    }

    private void Put(FakeInstance instance, int place, HistoryItem item, RetryPolicy? retry)
    {
        if (item.Kind == TaskKind.Timer)
        {
            var due = DateTimeOffset.Parse(item.Name, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            var early = Chaos.EarlyTimers ? TimeSpan.FromSeconds(_dice.NextDouble()) : TimeSpan.Zero;
            var at = due - early > _time.GetUtcNow() ? due - early : _time.GetUtcNow();
            Schedule(at, () => Deliver(instance, new(_time.GetUtcNow(), place, "", "null")));
            return;
        }
        Try(instance, place, item, retry, attempt: 1, _time.GetUtcNow() + Delay());
    }

    private void Try(
        FakeInstance instance,
        int place,
        HistoryItem item,
        RetryPolicy? retry,
        int attempt,
        DateTimeOffset at
    ) =>
        Schedule(
            at,
            async () =>
            {
                Tries[item.Name] = Tries.GetValueOrDefault(item.Name) + 1;
                var (result, failure) = await AttemptAsync(item);
                if (failure is null)
                {
                    Deliver(instance, new(_time.GetUtcNow() + Delay(), place, "", result));
                }
                else if (retry is not null && attempt < retry.MaxNumberOfAttempts)
                {
                    var wait = retry.FirstRetryInterval * Math.Pow(retry.BackoffCoefficient, attempt - 1);
                    wait = wait < retry.MaxRetryInterval ? wait : retry.MaxRetryInterval;
                    Try(instance, place, item, retry, attempt + 1, _time.GetUtcNow() + wait);
                }
                else
                {
                    Deliver(instance, new(_time.GetUtcNow(), place, "", "null", failure));
                }
            }
        );

    [SuppressMessage("Design", "CA1031", Justification = "A failed try is what it returns.")]
    private async Task<(string Result, Exception? Failure)> AttemptAsync(HistoryItem item)
    {
        var (dies, after) = (_dice.NextDouble() < Chaos.FailedTries, _dice.Next(2) == 0);
        try
        {
            if (dies && !after)
            {
                throw new TimeoutException("The worker died before it began.");
            }
            var result = await _activities[item.Name](item.Input);
            return dies ? throw new TimeoutException("The worker died before it answered.") : (result, null);
        }
        catch (Exception failure)
        {
            return ("null", failure);
        }
    }

    private TimeSpan Delay() => Chaos.LongestDelay * _dice.NextDouble();

    private void Schedule(DateTimeOffset at, Action work) =>
        Schedule(
            at,
            () =>
            {
                work();
                return Task.CompletedTask;
            }
        );

    private void Schedule(DateTimeOffset at, Func<Task> work) => _work.Enqueue(work, (at, _order++));
}
