using CsCheck;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Functions.Tests.Durable;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Orchestrations;

/// <summary>
/// Random scripts on a hub where timers are early, events are doubled, lost and late, and workers die in the midst of
/// their work: whatever comes in between, the books add up and every promise is kept.
/// </summary>
public sealed class InterleavingTests
{
    private static readonly Gen<Move> Moves = Gen.Frequency(
        (
            4,
            Gen.Select(Gen.Int[1, 8], Gen.Int[5, 30], Gen.Bool)
                .Select((gpus, minutes, firm) => (Move)new Move.Lease(gpus, minutes, firm))
        ),
        (2, Gen.Int[0, 30].Select(which => (Move)new Move.End(which))),
        (
            3,
            Gen.Select(Gen.Int[0, 60], Gen.Int[20, 64])
                .Select((running, healthy) => (Move)new Move.Tick(running, healthy))
        ),
        (4, Gen.Int[1, 200].Select(seconds => (Move)new Move.Pass(seconds)))
    );

    private static readonly Gen<(HubChaos Chaos, Move[] Script)> Cases = Gen.Select(
        Gen.Select(
                Gen.Int[0, int.MaxValue],
                Gen.Bool,
                Gen.Double[0, 0.4],
                Gen.Double[0, 0.5],
                Gen.Double[0, 0.3],
                Gen.Int[0, 4]
            )
            .Select(
                (seed, early, failed, doubled, lost, delay) =>
                    new HubChaos(seed, early, failed, doubled, lost, TimeSpan.FromSeconds(delay))
            ),
        Moves.Array[1, 30]
    );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_interleaving_keeps_the_books_and_the_promises() =>
        await Cases.SampleAsync(RunAsync, iter: 300, threads: 1);

    private static async Task RunAsync((HubChaos Chaos, Move[] Script) given)
    {
        await using var world = new AppWorld(given.Chaos);
        await world.RegisterAsync();
        await world.TickAsync(running: 10);
        var leases = new List<LeaseId>();
        foreach (var move in given.Script)
        {
            await DoAsync(world, move, leases);
            await world.SweepAsync();
        }
        for (var minute = 0; minute < 60; minute++)
        {
            await world.TickAsync(running: 10);
            await world.SweepAsync();
        }
        await ShouldBeRightAsync(world);
    }

    private static async Task DoAsync(AppWorld world, Move move, List<LeaseId> leases)
    {
        switch (move)
        {
            case Move.Lease lease:
                var tier = lease.IsFirm ? LeaseTier.Firm : LeaseTier.Spot;
                var term = TimeSpan.FromMinutes(lease.Minutes);
                if (await world.LeaseAsync($"key-{leases.Count}", lease.Gpus, term, tier) is { } made)
                {
                    leases.Add(made);
                }
                break;
            case Move.End end when leases.Count > 0:
                await world.CommandAsync(leases[end.Which % leases.Count], world.End("end"));
                break;
            case Move.Tick tick:
                await world.TickAsync(tick.Running, tick.Healthy);
                break;
            case Move.Pass pass:
                await world.PassAsync(TimeSpan.FromSeconds(pass.Seconds));
                break;
        }
    }

    private static async Task ShouldBeRightAsync(AppWorld world)
    {
        var audit = await world.Get<AuditBooks>().RunAsync(Stop);
        audit.Findings.ShouldBeEmpty();
        audit.TakenGpus.ShouldBe(0);
        audit.Leases.ShouldAllBe(lease => lease.Status == LeaseStatus.Settled || lease.Status == LeaseStatus.Lapsed);
        audit.Notices.ShouldAllBe(notice => notice.IsKept);
        world.Hub.Instances.Values.ShouldAllBe(instance => instance.Failure == null);
        world.Hub.Instances.Values.ShouldAllBe(instance => instance.IsOver);
        (await world.Get<IWakeups>().DueAsync(world.Time.GetUtcNow(), 10, Stop)).ShouldBeEmpty();
        world.Hub.LongestHistory.ShouldBeLessThan(200);
    }

    /// <summary>One step of a script.</summary>
    private abstract record Move
    {
        public sealed record Lease(int Gpus, int Minutes, bool IsFirm) : Move;

        public sealed record End(int Which) : Move;

        public sealed record Tick(int Running, int Healthy) : Move;

        public sealed record Pass(int Seconds) : Move;
    }
}
