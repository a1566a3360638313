using DynamicSurplus.Engine;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

public sealed class TenantLimitsTests
{
    private static readonly TimeSpan QuoteLife = TimeSpan.FromSeconds(65);

    private readonly FakeTimeProvider _time = new(Example.Noon);
    private readonly CountedHolds _holds = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Lapse => _time.GetUtcNow() + QuoteLife;

    [Fact]
    public async Task Live_quotes_are_refused_past_their_limit_and_told_when_one_lapses()
    {
        var limits = Instance(liveQuotes: 2);
        await TakeAsync(limits, 1);
        _time.Advance(TimeSpan.FromSeconds(10));
        var second = await TakeAsync(limits, 2);

        var third = await TakeAsync(limits, 3);

        second.Refusal.ShouldBeNull();
        third.Refusal.ShouldBe(new(HoldLimit.LiveQuotes, Most: 2, Taken: 2, Example.Noon + QuoteLife));
        (await ListAsync()).Select(hold => hold.Lease).ShouldBe([Example.Lease(1), Example.Lease(2)]);
    }

    [Fact]
    public async Task Held_gpus_are_refused_past_their_limit_and_told_when_enough_have_lapsed()
    {
        var limits = Instance(heldGpus: 100);
        await TakeAsync(limits, 1, gpus: 10);
        _time.Advance(TimeSpan.FromSeconds(10));
        await TakeAsync(limits, 2, gpus: 50);
        var full = await TakeAsync(limits, 3, gpus: 40);

        var one = await TakeAsync(limits, 4, gpus: 1);
        var eleven = await TakeAsync(limits, 5, gpus: 11);

        full.Refusal.ShouldBeNull();
        one.Refusal.ShouldBe(new(HoldLimit.HeldGpus, Most: 100, Taken: 100, Example.Noon + QuoteLife));
        eleven.Refusal!.FreesAt.ShouldBe(Example.Noon.AddSeconds(10) + QuoteLife);
    }

    [Fact]
    public async Task Hold_that_alone_is_past_the_limit_never_fits()
    {
        var limits = Instance(heldGpus: 100);

        (await TakeAsync(limits, 1, gpus: 101)).Refusal.ShouldBe(new(HoldLimit.HeldGpus, 100, 0, FreesAt: null));
        (await TakeAsync(limits, 2, gpus: 100)).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task Hold_whose_process_died_stops_counting_by_time_alone()
    {
        await TakeAsync(Instance(liveQuotes: 1), 1);
        var another = Instance(liveQuotes: 1);

        _time.Advance(QuoteLife - TimeSpan.FromMilliseconds(1));
        var before = await TakeAsync(another, 2);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var at = await TakeAsync(another, 2);

        before.Refusal.ShouldNotBeNull();
        at.Refusal.ShouldBeNull();
        (await ListAsync()).ShouldHaveSingleItem().Lease.ShouldBe(Example.Lease(2));
    }

    [Fact]
    public async Task Hold_never_stops_counting_before_it_lapses()
    {
        var until = Lapse.AddTicks(1);
        await Instance().TakeAsync(Example.Tenant, Example.Lease(1), 1, until, Stop);

        (await ListAsync()).ShouldHaveSingleItem().Until.ShouldBe(Lapse.AddMilliseconds(1));
    }

    [Fact]
    public async Task Same_request_counts_once_and_as_long_as_its_last_try()
    {
        var limits = Instance(liveQuotes: 1, heldGpus: 8);
        var first = await TakeAsync(limits, 1, gpus: 8);
        _time.Advance(TimeSpan.FromSeconds(5));

        var retry = await TakeAsync(limits, 1, gpus: 8);

        (first.IsNew, retry.IsNew, retry.Refusal).ShouldBe((true, false, null));
        (await ListAsync()).ShouldBe([new(Example.Lease(1), 8, Lapse)]);
    }

    [Fact]
    public async Task What_another_instance_freed_is_free_here()
    {
        var (one, another) = (Instance(liveQuotes: 1), Instance(liveQuotes: 1));
        await TakeAsync(one, 1);

        await another.FreeAsync(Example.Tenant, Example.Lease(1), Stop);

        (await TakeAsync(one, 2)).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task Tenants_do_not_count_for_each_other()
    {
        var limits = Instance(liveQuotes: 1);
        await TakeAsync(limits, 1);

        var other = await limits.TakeAsync(TenantId.Parse("globex"), Example.Lease(2), 1, Lapse, Stop);

        other.Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task Limits_are_strict_over_instances_that_take_at_once()
    {
        var instances = Enumerable.Range(0, 4).Select(_ => Instance(liveQuotes: 20, heldGpus: 61)).ToArray();

        var takings = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(n => Task.Run(() => TakeAsync(instances[n % 4], n + 1, gpus: 4), Stop))
        );

        takings.Count(taking => taking.Refusal is null).ShouldBe(15);
        (await ListAsync()).Sum(hold => hold.Gpus).ShouldBe(60);
    }

    [Fact]
    public async Task Take_costs_one_write_and_those_that_meet_share_it()
    {
        var limits = Instance(liveQuotes: 100);
        await TakeAsync(limits, 1);
        var (reads, writes) = (_holds.Reads, _holds.Writes);

        await TakeAsync(limits, 2);
        var (readsOfOne, writesOfOne) = (_holds.Reads - reads, _holds.Writes - writes);
        _holds.Gate.Reset();
        var first = TakeAsync(limits, 3);
        var rest = Enumerable.Range(4, 30).Select(n => TakeAsync(limits, n)).ToArray();
        _holds.Gate.Set();
        await Task.WhenAll(rest);
        await first;

        (readsOfOne, writesOfOne).ShouldBe((0, 1));
        (_holds.Reads - reads, _holds.Writes - writes).ShouldBe((0, 3));
        (await ListAsync()).Count.ShouldBe(33);
    }

    [Fact]
    public async Task Hold_that_cannot_be_freed_fails_nobody_and_counts_until_its_time()
    {
        var limits = Instance(liveQuotes: 1);
        await TakeAsync(limits, 1);
        _holds.IsBroken = true;

        await limits.FreeAsync(Example.Tenant, Example.Lease(1), Stop);

        _holds.IsBroken = false;
        (await TakeAsync(limits, 2)).Refusal.ShouldNotBeNull();
        _time.Advance(QuoteLife);
        (await TakeAsync(limits, 2)).Refusal.ShouldBeNull();
    }

    private TenantLimits Instance(int liveQuotes = 32, int heldGpus = 1_024)
    {
        var options = new EngineOptions { LiveQuotes = liveQuotes, HeldGpus = heldGpus };
        return new(_holds, new EngineClock(_time, options), options, NullLogger<TenantLimits>.Instance);
    }

    private Task<HoldTaking> TakeAsync(TenantLimits limits, int lease, int gpus = 1) =>
        limits.TakeAsync(Example.Tenant, Example.Lease(lease), gpus, Lapse, Stop);

    private async Task<IReadOnlyList<TenantHold>> ListAsync() => (await _holds.ReadAsync(Example.Tenant, Stop)).Holds;

    /// <summary>The twin in memory, counted, slowed and broken.</summary>
    private sealed class CountedHolds : ITenantHolds
    {
        private readonly InMemoryTenantHolds _inner = new();
        private int _reads;
        private int _writes;

        public int Reads => _reads;

        public int Writes => _writes;

        public bool IsBroken { get; set; }

        /// <summary>Writes wait for it.</summary>
        public AsyncGate Gate { get; } = new();

        public Task<(IReadOnlyList<TenantHold> Holds, string? Version)> ReadAsync(
            TenantId tenant,
            CancellationToken cancellationToken
        )
        {
            Interlocked.Increment(ref _reads);
            return IsBroken ? throw new IOException("broken") : _inner.ReadAsync(tenant, cancellationToken);
        }

        public async Task<string?> TryWriteAsync(
            TenantId tenant,
            IReadOnlyList<TenantHold> holds,
            string? version,
            CancellationToken cancellationToken
        )
        {
            Interlocked.Increment(ref _writes);
            await Gate.PassAsync(cancellationToken);
            return IsBroken
                ? throw new IOException("broken")
                : await _inner.TryWriteAsync(tenant, holds, version, cancellationToken);
        }
    }

    private sealed class AsyncGate
    {
        private TaskCompletionSource _open = Opened();

        public void Reset() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Set() => _open.TrySetResult();

        public async Task PassAsync(CancellationToken cancellationToken)
        {
            await Task.Yield(); // as storage does
            await _open.Task.WaitAsync(cancellationToken);
        }

        private static TaskCompletionSource Opened()
        {
            var open = new TaskCompletionSource();
            open.SetResult();
            return open;
        }
    }
}
