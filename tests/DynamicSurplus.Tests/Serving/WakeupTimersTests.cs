using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Contracts;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Serving;

public sealed class WakeupTimersTests
{
    private static readonly FleetId Fleet = FleetId.Parse("north");
    private readonly FakeTimeProvider _time = new(Example.Noon);
    private readonly InMemoryWakeups _table = new();
    private readonly WakeupTimers _timers;

    public WakeupTimersTests() => _timers = new(_table, _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scheduled_one_comes_at_its_instant_and_not_before()
    {
        await using var taking = _timers.TakeAsync(Stop).GetAsyncEnumerator(Stop);
        var wakeup = Of("a", seconds: 90.0004);
        await _timers.ScheduleAsync(wakeup, Stop);
        var next = taking.MoveNextAsync();

        _time.Advance(TimeSpan.FromSeconds(90));
        await Task.Delay(20, Stop);
        next.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await next).ShouldBeTrue();
        taking.Current.ShouldBe(wakeup.RoundedUp());
    }

    [Fact]
    public async Task Earlier_one_that_comes_later_is_waited_for_instead()
    {
        await using var taking = _timers.TakeAsync(Stop).GetAsyncEnumerator(Stop);
        await _timers.ScheduleAsync(Of("a", seconds: 90), Stop);
        var next = taking.MoveNextAsync();

        await _timers.ScheduleAsync(Of("b", seconds: 10), Stop);
        _time.Advance(TimeSpan.FromSeconds(10));
        await _timers.SweepAsync(TimeSpan.Zero, Stop);

        (await next).ShouldBeTrue();
        taking.Current.ShouldBe(Of("b", seconds: 10));
    }

    [Fact]
    public async Task Repeated_one_is_handled_once()
    {
        using var over = new CancellationTokenSource();
        var taking = _timers.TakeAsync(over.Token).GetAsyncEnumerator(over.Token);
        var wakeup = Of("a", seconds: 0);
        await _timers.ScheduleAsync(wakeup, Stop);
        await _timers.ScheduleAsync(wakeup, Stop);
        await _timers.SweepAsync(TimeSpan.FromMinutes(1), Stop);
        await taking.MoveNextAsync();
        await _timers.SweepAsync(TimeSpan.FromMinutes(1), Stop);
        await _timers.RemoveAsync(wakeup, Stop);
        _timers.Done(wakeup);

        _timers.Count.ShouldBe(0);
        var next = taking.MoveNextAsync();
        next.IsCompleted.ShouldBeFalse();
        await over.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(next.AsTask());
    }

    [Fact]
    public async Task Sweep_that_read_the_table_before_a_wake_up_was_handled_does_not_bring_it_back()
    {
        var wakeup = Of("a", seconds: 0);
        WakeupTimers? timers = null;
        timers = new WakeupTimers(new SlowTable(_table, HandleAsync), _time);
        await timers.ScheduleAsync(wakeup, Stop);
        await using var taking = timers.TakeAsync(Stop).GetAsyncEnumerator(Stop);
        await taking.MoveNextAsync();

        await timers.SweepAsync(TimeSpan.Zero, Stop);

        timers.Count.ShouldBe(0);

        async Task HandleAsync()
        {
            await _table.RemoveAsync(wakeup, Stop);
            timers!.Done(wakeup);
        }
    }

    [Fact]
    public async Task Wake_ups_of_one_lease_take_turns_and_hold_nobody_else_up()
    {
        await using var taking = _timers.TakeAsync(Stop).GetAsyncEnumerator(Stop);
        var (first, second, other) = (Of("a", seconds: 0), Of("a", seconds: 0.001), Of("b", seconds: 0.002));
        foreach (var wakeup in (Wakeup[])[first, second, other])
        {
            await _timers.ScheduleAsync(wakeup, Stop);
        }
        _time.Advance(TimeSpan.FromSeconds(1));

        (await NextAsync(taking)).ShouldBe(first);
        (await NextAsync(taking)).ShouldBe(other);
        var next = taking.MoveNextAsync();
        next.IsCompleted.ShouldBeFalse();
        _timers.Done(first);

        (await next).ShouldBeTrue();
        taking.Current.ShouldBe(second);
    }

    [Fact]
    public async Task Failed_one_comes_again_when_it_is_told_and_no_sweep_hastens_it()
    {
        await using var taking = _timers.TakeAsync(Stop).GetAsyncEnumerator(Stop);
        var wakeup = Of("a", seconds: 0);
        await _timers.ScheduleAsync(wakeup, Stop);
        for (var failures = 1; failures <= 3; failures++)
        {
            (await NextAsync(taking)).ShouldBe(wakeup);
            var failed = 0;
            _timers.Failed(
                wakeup,
                count =>
                {
                    failed = count;
                    return _time.GetUtcNow().AddSeconds(30);
                }
            );
            failed.ShouldBe(failures);

            _time.Advance(TimeSpan.FromSeconds(29));
            await _timers.SweepAsync(TimeSpan.FromMinutes(1), Stop);
            await _timers.ScheduleAsync(Of("b", seconds: 0), Stop);
            (await NextAsync(taking)).Lease.ShouldBe(Of("b", 0).Lease);
            await _timers.RemoveAsync(taking.Current, Stop);
            _timers.Done(taking.Current);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task What_is_far_off_is_left_to_the_table_until_a_sweep_comes_near()
    {
        var wakeup = Of("a", seconds: TimeSpan.FromDays(30).TotalSeconds);
        await _timers.ScheduleAsync(wakeup, Stop);
        await _timers.SweepAsync(TimeSpan.FromDays(40), Stop);
        _timers.Count.ShouldBe(0);

        var taking = _timers.TakeAsync(Stop).GetAsyncEnumerator(Stop);
        var next = taking.MoveNextAsync();
        _time.Advance(TimeSpan.FromDays(30));
        await _timers.SweepAsync(TimeSpan.Zero, Stop);

        (await next).ShouldBeTrue();
        taking.Current.ShouldBe(wakeup);
        await taking.DisposeAsync();
    }

    [Fact]
    public async Task Sweep_takes_up_all_that_another_process_left()
    {
        for (var n = 0; n < 1_000; n++)
        {
            await _table.ScheduleAsync(Of($"{n}", seconds: n % 10), Stop);
        }

        await _timers.SweepAsync(TimeSpan.FromSeconds(10), Stop);

        _timers.Count.ShouldBe(1_000);
    }

    [Fact]
    public async Task Memory_is_bounded_and_what_it_has_no_room_for_comes_all_the_same()
    {
        const int Many = WakeupTimers.MostHeld + 100;
        for (var n = 0; n < Many; n++)
        {
            await _timers.ScheduleAsync(Of($"{n}", seconds: 0), Stop);
        }
        _timers.Count.ShouldBe(WakeupTimers.MostHeld);

        var taking = _timers.TakeAsync(Stop).GetAsyncEnumerator(Stop);
        for (var n = 0; n < Many; n++)
        {
            if (n == WakeupTimers.MostHeld)
            {
                await _timers.SweepAsync(TimeSpan.Zero, Stop);
            }
            var wakeup = await NextAsync(taking);
            await _timers.RemoveAsync(wakeup, Stop);
            _timers.Done(wakeup);
        }

        (await _table.DueAsync(_time.GetUtcNow(), 1, Stop)).ShouldBeEmpty();
        _timers.Count.ShouldBe(0);
        await taking.DisposeAsync();
    }

    private static async Task<Wakeup> NextAsync(IAsyncEnumerator<Wakeup> taking)
    {
        (await taking.MoveNextAsync()).ShouldBeTrue();
        return taking.Current;
    }

    private static Wakeup Of(string key, double seconds) =>
        new(LeaseId.For(Example.Tenant, key), Fleet, Example.Noon.AddSeconds(seconds));

    /// <summary>Something happens between the reading of the table and the use of what was read.</summary>
    private sealed class SlowTable(IWakeups table, Func<Task> meanwhile) : IWakeups
    {
        public Task ScheduleAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
            table.ScheduleAsync(wakeup, cancellationToken);

        public async Task<IReadOnlyList<Wakeup>> DueAsync(
            DateTimeOffset until,
            int most,
            CancellationToken cancellationToken
        )
        {
            var found = await table.DueAsync(until, most, cancellationToken);
            await meanwhile();
            return found;
        }

        public Task<bool> IsScheduledAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
            table.IsScheduledAsync(wakeup, cancellationToken);

        public Task RemoveAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
            table.RemoveAsync(wakeup, cancellationToken);
    }
}
