using DynamicSurplus.Cloud;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>
/// A fleet, its storage and its clock, on which scripts run one after the other; each leaves it as empty as it was.
/// </summary>
internal sealed class FleetLane : IAsyncDisposable
{
    /// <summary>A wait for machines of a minute asks for them every 15 s; a life has a dozen other instants.</summary>
    private const int MostWakes = 200;

    private readonly LeaseWorld _world = new();
    private readonly Machines _machines = new();
    private readonly ServiceProvider _process;
    private int _commands;

    private FleetLane(StorageClients? clients) =>
        _process = _world.Start(services: services =>
        {
            services.AddSingleton<IProvisioner>(_machines);
            if (clients is not null)
            {
                services.AddAzureStorage(clients);
            }
        });

    public int Scripts { get; private set; }

    /// <param name="clients">Null: in memory.</param>
    public static async Task<FleetLane> OpenAsync(StorageClients? clients, CancellationToken stop)
    {
        var lane = new FleetLane(clients);
        var policy = FleetPolicy.Under(Rate.FromUsd(8));
        var fleet = new Fleet(LeaseWorld.Fleet, "eu", "H100", "main", "platform", new FleetAttributes(), policy);
        await lane.Get<ManageFleets>().PutAsync(fleet, FleetPrecondition.None, stop);
        return lane;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>
    /// Runs the steps, holding what is stored against the model after each, and lets time end what is left.
    /// </summary>
    public async Task RunAsync(FleetScript script, CancellationToken stop)
    {
        var model = new ModelledFleet(++Scripts, script.Leases.Length);
        foreach (var step in script.Steps)
        {
            _world.Time.Advance(TimeSpan.FromMilliseconds(step.GapMilliseconds));
            await DoAsync(script, model, step, stop);
            var isWake = step.Action is ScriptAction.Wake or ScriptAction.WakeTwice;
            await model.CheckAsync(_process, isWake ? null : step.Lease, stop);
        }
        for (var wake = 1; await NextAsync(stop) is { } wakeup; wake++)
        {
            wake.ShouldBeLessThan(MostWakes, "woken for ever");
            _world.Time.Advance(Max(wakeup.At - Now, TimeSpan.Zero));
            await Get<WakeLease>().RunAsync(wakeup, stop);
        }
        await model.CheckAsync(_process, touched: null, stop);
        await model.ShouldBeOverAsync(_process, stop);
    }

    public async Task ShouldAgreeAsync(CancellationToken stop)
    {
        (await Get<AuditBooks>().RunAsync(stop)).Findings.ShouldBeEmpty();
        (await Get<ReconcileBooks>().RunAsync(shard: 0, TimeSpan.Zero, stop)).Repairs.ShouldBeEmpty();
    }

    private DateTimeOffset Now => _world.Time.GetUtcNow();

    private T Get<T>()
        where T : notnull => _process.GetRequiredService<T>();

    private async Task DoAsync(FleetScript script, ModelledFleet model, ScriptStep step, CancellationToken stop)
    {
        switch (step.Action)
        {
            case ScriptAction.Hold:
                await HoldAsync(script, model, step, stop);
                break;
            case ScriptAction.Wake or ScriptAction.WakeTwice:
                foreach (var wakeup in await Get<IWakeups>().DueAsync(Now, 100, stop))
                {
                    await Get<WakeLease>().RunAsync(wakeup, stop);
                    if (step.Action == ScriptAction.WakeTwice)
                    {
                        await Get<WakeLease>().RunAsync(wakeup, stop);
                    }
                }
                break;
            case ScriptAction.WakeEarly:
                if (await NextAsync(stop) is { } next && next.At > Now)
                {
                    (await Get<WakeLease>().RunAsync(next, stop)).ShouldBe(next.At);
                }
                break;
            default:
                _machines.Answer = Machines.Of(step.Size);
                var command = Command(step, script.Leases[step.Lease]);
                await Get<HandleLeaseCommand>().RunAsync(model.IdOf(step.Lease), command, stop);
                break;
        }
    }

    private async Task HoldAsync(FleetScript script, ModelledFleet model, ScriptStep step, CancellationToken stop)
    {
        if (
            model.IsOver(step.Lease)
            && await Get<ICapacityBooks>().FindAsync(LeaseWorld.Fleet, model.IdOf(step.Lease), stop) is null
        )
        {
            return; // a request outlives its tombstone nowhere: it lives for 30 s
        }
        var (id, terms, tick) = (model.IdOf(step.Lease), script.Leases[step.Lease], Get<EngineClock>().Tick);
        // The slice of the moment; firm may have half of it.
        var entry = new RateEntry(
            LeaseWorld.Fleet,
            tick,
            terms.Rate,
            terms.Rate,
            Capacity: 64,
            ProtectedDemand: 0,
            Running: 0,
            FirmSlice: step.Size / 2.0,
            TotalSlice: step.Size,
            Always: 0,
            Now,
            Frozen: false,
            Stale: false,
            Leased: 0,
            default,
            Hazard: 1
        );
        var outcome = await Get<HoldLease>()
            .RunAsync(
                id,
                CommandId.From("hold"),
                terms,
                TimeSpan.FromSeconds(60),
                "hash",
                entry,
                () => Task.CompletedTask,
                stop
            );
        await model.HeldAsync(_process, outcome, step, terms, stop);
    }

    private LeaseCommand Command(ScriptStep step, LeaseTerms terms)
    {
        var id = CommandId.From($"command-{(step.IsRepeat ? _commands : ++_commands)}");
        // Some come late: an acceptance is judged by its arrival, and a notice that is sent late costs the owner.
        var at = step.Size % 4 == 0 ? Now.AddSeconds(-step.Size / 4.0) : Now;
        var tick = Get<EngineClock>().Tick;
        return step.Action switch
        {
            ScriptAction.Accept => new LeaseCommand.Accept(id, Now, tick),
            ScriptAction.Grant => new LeaseCommand.ConfirmGrant(id, at, tick),
            ScriptAction.Refuse => new LeaseCommand.RefuseGrant(id, at, tick, "no machines"),
            ScriptAction.ReclaimWhole => new LeaseCommand.Reclaim(id, at, tick, ReclaimReason.InternalDemand),
            ScriptAction.ReclaimPart => new LeaseCommand.Reclaim(
                id,
                at,
                tick,
                ReclaimReason.InternalDemand,
                1 + (step.Size % terms.Gpus)
            ),
            ScriptAction.Rescind => new LeaseCommand.Rescind(id, at, tick),
            ScriptAction.Drill => new LeaseCommand.Drill(id, at, tick),
            ScriptAction.Renew => new LeaseCommand.Renew(
                id,
                at,
                tick,
                terms.Term,
                Rate.FromSteps(1 + (step.Size * 1_000)),
                Now.AddHours(step.Size)
            ),
            ScriptAction.Warn => new LeaseCommand.Warn(id, at, tick, step.Size),
            ScriptAction.Fail => new LeaseCommand.Fail(id, at, tick, "fire"),
            ScriptAction.End => new LeaseCommand.End(id, at, tick),
            ScriptAction.Settle => new LeaseCommand.Settle(id, at, tick),
            _ => new LeaseCommand.Correct(
                id,
                at,
                tick,
                (step.Size * 10) - 300 is not 0 and var late ? late : 1,
                "late"
            ),
        };
    }

    private async Task<Wakeup?> NextAsync(CancellationToken stop) =>
        (await Get<IWakeups>().DueAsync(DateTimeOffset.MaxValue, 1, stop)) is [var next] ? next : null;

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    /// <summary>An owner who mostly has machines.</summary>
    private sealed class Machines : IProvisioner
    {
        public GrantAnswer Answer { get; set; } = new GrantAnswer.Granted();

        public static GrantAnswer Of(int size) =>
            (size % 8) switch
            {
                0 => new GrantAnswer.Refused("none left"),
                1 => new GrantAnswer.Pending(AskAgain: false),
                2 => new GrantAnswer.Pending(AskAgain: true),
                _ => new GrantAnswer.Granted(),
            };

        public Task<GrantAnswer> GrantAsync(Fleet fleet, LeaseId lease, LeaseTerms terms, CancellationToken stop) =>
            Task.FromResult(Answer);

        public Task RevokeAsync(Fleet fleet, LeaseId lease, LeaseTerms terms, CancellationToken stop) =>
            Task.CompletedTask;

        public Task ResizeAsync(Fleet fleet, LeaseId lease, LeaseTerms terms, int gpus, CancellationToken stop) =>
            Task.CompletedTask;
    }
}
