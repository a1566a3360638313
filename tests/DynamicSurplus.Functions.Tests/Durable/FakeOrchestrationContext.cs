using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynamicSurplus.Functions.Tests.Durable;

/// <summary>
/// One run of an orchestrator from its start over what has happened so far, as the platform runs it at every turn: what
/// it asks for must be what it asked for before, in the same order, with the same names and inputs.
/// </summary>
/// <remarks>
/// Waits for events are a stack, and a wait that is abandoned stays on it and swallows what comes: as the platform's.
/// </remarks>
internal sealed class FakeOrchestrationContext(FakeInstance instance, int replayed) : TaskOrchestrationContext
{
    private readonly List<Action<Happening>> _open = [];
    private readonly Dictionary<string, Stack<Func<string, bool>>> _waits = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<string>> _buffered = new(StringComparer.OrdinalIgnoreCase);
    private DateTimeOffset _now = instance.StartedAt;
    private int _asked;
    private int _happened;
    private volatile bool _isClosed;

    public override TaskName Name => instance.Orchestrator;

    public override string InstanceId => instance.Id;

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime
    {
        get
        {
            RequireTurn();
            return _now.UtcDateTime;
        }
    }

    public override bool IsReplaying => _happened < replayed;

    /// <summary>Set once the orchestrator begins anew.</summary>
    public (string Input, bool KeepsEvents)? Next { get; private set; }

    /// <summary>Events that nobody has waited for, in the order of their coming.</summary>
    public IEnumerable<(string Name, string Json)> Unprocessed =>
        _buffered.SelectMany(queue => queue.Value.Select(json => (queue.Key, json)));

    /// <summary>Tasks asked for and not yet answered or cancelled, and waits for events.</summary>
    public bool IsWaiting => instance.Open.Count > 0 || _waits.Values.Any(stack => stack.Count > 0);

    public string? CustomStatus { get; private set; }

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public override T? GetInput<T>()
        where T : default => DurableJson.Read<T>(instance.Input);

    public override Task<TResult> CallActivityAsync<TResult>(
        TaskName name,
        object? input = null,
        TaskOptions? options = null
    ) => AskAsync<TResult>(new(TaskKind.Activity, name.Name, DurableJson.Write(input)), options?.Retry?.Policy);

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName,
        object? input = null,
        TaskOptions? options = null
    ) => throw new NotSupportedException("No orchestration of this app calls another.");

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var at = fireAt.ToString("O", CultureInfo.InvariantCulture);
        var place = _asked;
        var timer = AskAsync<object>(new(TaskKind.Timer, at, "null"), null);
        // A cancelled timer is off the list, in every replay at the same place.
        cancellationToken.Register(() => instance.Open.Remove(place));
        return timer;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        RequireTurn();
        var source = new TaskCompletionSource<T>();
        if (!_waits.TryGetValue(eventName, out var stack))
        {
            _waits[eventName] = stack = new();
        }
        stack.Push(json => source.TrySetResult(DurableJson.Read<T>(json)!));
        cancellationToken.Register(() => source.TrySetCanceled(cancellationToken));
        if (_buffered.TryGetValue(eventName, out var queue) && queue.TryDequeue(out var early))
        {
            stack.Pop()(early);
        }
        return source.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload) =>
        throw new NotSupportedException("No orchestration of this app sends an event.");

    public override void SetCustomStatus(object? customStatus) => CustomStatus = DurableJson.Write(customStatus);

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        RequireTurn();
        Next = (DurableJson.Write(newInput), preserveUnprocessedEvents);
    }

    public override Guid NewGuid() => throw new NotSupportedException("No orchestration of this app makes ids.");

    /// <summary>Lets the orchestrator see what happened next.</summary>
    public void Apply(Happening happening)
    {
        _now = happening.At > _now ? happening.At : _now;
        _happened++;
        if (happening.Task >= 0)
        {
            if (happening.Task >= _open.Count)
            {
                throw new NonDeterminismException($"{instance.History[happening.Task]} was not asked for again.");
            }
            _open[happening.Task](happening);
        }
        else if (_waits.TryGetValue(happening.Name, out var stack) && stack.TryPop(out var wait))
        {
            wait(happening.Json);
        }
        else
        {
            if (!_buffered.TryGetValue(happening.Name, out var queue))
            {
                _buffered[happening.Name] = queue = new();
            }
            queue.Enqueue(happening.Json);
        }
    }

    /// <exception cref="NonDeterminismException">This run asked for less than an earlier one.</exception>
    public void RequireWhole()
    {
        if (_asked < instance.History.Count)
        {
            throw new NonDeterminismException($"{instance.History[_asked]} was asked for before, and is not any more.");
        }
    }

    /// <summary>The turn is over: whoever still comes was woken by something that no history holds.</summary>
    public void Close() => _isClosed = true;

    private void RequireTurn()
    {
        if (_isClosed)
        {
            throw instance.Violation = new($"{instance.Orchestrator} went on outside of its turn.");
        }
    }

    private Task<T> AskAsync<T>(HistoryItem item, RetryPolicy? retry)
    {
        RequireTurn();
        var place = _asked++;
        if (place == instance.History.Count)
        {
            instance.History.Add(item);
            instance.Open.Add(place);
            instance.Asked.Enqueue((place, item, retry));
        }
        else if (instance.History[place] != item)
        {
            throw new NonDeterminismException($"{instance.History[place]} was asked for before, now {item}.");
        }
        var source = new TaskCompletionSource<T>();
        _open.Add(happening =>
        {
            if (happening.Failure is { } failure)
            {
                source.TrySetException(new TaskFailedException(item.Name, place, failure));
            }
            else
            {
                source.TrySetResult(DurableJson.Read<T>(happening.Json)!);
            }
        });
        return source.Task;
    }
}
