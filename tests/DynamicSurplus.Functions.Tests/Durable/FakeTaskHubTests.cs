using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Durable;

/// <summary>The hub catches what would break on the platform.</summary>
[SuppressMessage("Usage", "VSTHRD003", Justification = "Waiting for what is not its own is what is caught here.")]
public sealed class FakeTaskHubTests
{
    private static readonly DateTimeOffset Noon = new(2026, 8, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly FakeTaskHub _hub;
    private int _runs;

    public FakeTaskHubTests()
    {
        _hub = new(_time);
        _hub.Activity<int, int>("double", input => Task.FromResult(2 * input));
    }

    [Fact]
    public async Task Results_come_back_in_every_replay()
    {
        await RunAsync(async context =>
        {
            var first = await context.CallActivityAsync<int>("double", 1);
            await context.CreateTimer(context.CurrentUtcDateTime.AddMinutes(1), default);
            return await context.CallActivityAsync<int>("double", first);
        });

        _hub.Instances["one"].Output.ShouldBe("4");
        _runs.ShouldBe(4);
        _hub.Tries["double"].ShouldBe(2);
    }

    [Fact]
    public async Task Other_input_at_replay_is_caught() =>
        await Should.ThrowAsync<NonDeterminismException>(() =>
            RunAsync(async context =>
            {
                await context.CallActivityAsync<int>("double", _runs);
                return await context.CallActivityAsync<int>("double", 0);
            })
        );

    [Fact]
    public async Task Other_name_at_replay_is_caught()
    {
        _hub.Activity<int, int>("1", Task.FromResult);
        _hub.Activity<int, int>("2", Task.FromResult);

        await Should.ThrowAsync<NonDeterminismException>(() =>
            RunAsync(async context => await context.CallActivityAsync<int>($"{_runs}", 0))
        );
    }

    [Fact]
    public async Task Other_order_at_replay_is_caught() =>
        await Should.ThrowAsync<NonDeterminismException>(() =>
            RunAsync(async context =>
            {
                if (_runs == 1)
                {
                    await context.CallActivityAsync<int>("double", 0);
                }
                await context.CreateTimer(Noon.AddMinutes(1).UtcDateTime, default);
                return 0;
            })
        );

    [Fact]
    public async Task Call_that_is_left_out_at_replay_is_caught() =>
        await Should.ThrowAsync<NonDeterminismException>(() =>
            RunAsync(async context =>
            {
                var wait = context.WaitForExternalEvent<string>("never");
                if (_runs > 1)
                {
                    return 0;
                }
                await Task.WhenAny(wait, context.CallActivityAsync<int>("double", 1));
                return 0;
            })
        );

    [Fact]
    public async Task Waiting_outside_of_the_history_is_caught()
    {
        var outside = new TaskCompletionSource();
        _hub.Orchestrator(
            "any",
            async context =>
            {
                _ = context.WaitForExternalEvent<string>("never");
                await outside.Task;
                await context.CallActivityAsync<int>("double", 1);
            }
        );
        _hub.Start("one", "any", 0);
        await _hub.RunUntilAsync(Noon);
        outside.SetResult();
        _hub.Raise("one", "other", "word");

        await Should.ThrowAsync<NonDeterminismException>(() => _hub.RunUntilAsync(Noon.AddMinutes(1)));
    }

    [Fact]
    public async Task Waiting_for_nothing_durable_is_caught() =>
        await Should.ThrowAsync<NonDeterminismException>(() =>
            RunAsync(async _ =>
            {
                await new TaskCompletionSource().Task;
                return 0;
            })
        );

    [Fact]
    public async Task Abandoned_wait_swallows_an_event_as_the_platforms_does()
    {
        _hub.Orchestrator(
            "any",
            async context =>
            {
                using var cancel = new CancellationTokenSource();
                var wait = context.WaitForExternalEvent<string>("word", cancel.Token);
                await context.CreateTimer(Noon.AddMinutes(1).UtcDateTime, default);
                cancel.Cancel();
                await context.CreateTimer(Noon.AddMinutes(3).UtcDateTime, default);
                await context.WaitForExternalEvent<string>("word");
            }
        );
        _hub.Start("one", "any", 0);
        await _hub.RunUntilAsync(Noon.AddMinutes(2));
        _hub.Raise("one", "word", "lost");
        await _hub.RunUntilAsync(Noon.AddMinutes(9));
        _hub.IsRunning("one").ShouldBeTrue();
        _hub.Raise("one", "word", "heard");
        await _hub.RunUntilAsync(Noon.AddMinutes(9));

        _hub.IsRunning("one").ShouldBeFalse();
    }

    [Fact]
    public async Task Failing_activity_is_tried_as_often_as_its_policy_says()
    {
        var tries = new List<DateTimeOffset>();
        _hub.Activity<int, int>(
            "fail",
            _ =>
            {
                tries.Add(_time.GetUtcNow());
                throw new InvalidOperationException("no");
            }
        );
        var policy = new RetryPolicy(3, TimeSpan.FromSeconds(2), 2, TimeSpan.FromSeconds(3));

        await RunAsync(async context =>
            await context.CallActivityAsync<int>("fail", 0, TaskOptions.FromRetryPolicy(policy))
        );

        tries.ShouldBe([Noon, Noon.AddSeconds(2), Noon.AddSeconds(5)]);
        _hub.Instances["one"].Failure.ShouldBeOfType<TaskFailedException>();
    }

    [Fact]
    public async Task Event_to_nobody_is_refused()
    {
        Should.Throw<InvalidOperationException>(() => _hub.Raise("one", "word", "x"));
        await RunAsync(_ => Task.FromResult(0));

        Should.Throw<InvalidOperationException>(() => _hub.Raise("one", "word", "x"));
    }

    private async Task RunAsync(Func<TaskOrchestrationContext, Task<int>> run)
    {
        _hub.Orchestrator(
            "any",
            context =>
            {
                _runs++;
                return run(context);
            }
        );
        _hub.Start("one", "any", 0);
        await _hub.RunUntilAsync(Noon.AddHours(1));
    }
}
