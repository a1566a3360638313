using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicSurplus.Functions.Tests.Scenarios;

/// <summary>Commands to leases as the API gives them to the engine, in whichever host.</summary>
internal static class EngineCommands
{
    public static Task RegisterFleetAsync(IServiceProvider services) =>
        services
            .GetRequiredService<ManageFleets>()
            .PutAsync(
                new Fleet(
                    LeaseScript.Fleet,
                    "eu",
                    "H100",
                    "main",
                    "platform",
                    new FleetAttributes(),
                    FleetPolicy.Under(Rate.FromUsd(4))
                ),
                FleetPrecondition.None,
                default
            );

    public static async Task RunAsync(IServiceProvider services, LeaseId lease, LeaseCommand command)
    {
        if (command is LeaseCommand.Hold hold)
        {
            const double Gpus = 1000;
            var entry = new RateEntry(
                LeaseScript.Fleet,
                hold.CausingTick,
                hold.Terms.Rate,
                hold.Terms.Rate,
                Gpus,
                ProtectedDemand: 0,
                Running: 0,
                FirmSlice: Gpus,
                TotalSlice: Gpus,
                Always: Gpus,
                TelemetryAt: hold.At,
                Frozen: false,
                Stale: false,
                Leased: 0,
                Scores: default,
                Hazard: 1
            );
            await services
                .GetRequiredService<HoldLease>()
                .RunAsync(
                    lease,
                    hold.Id,
                    hold.Terms,
                    LeaseScript.QuoteLife,
                    hold.RequestHash,
                    entry,
                    () => Task.CompletedTask,
                    default
                );
            return;
        }
        await services.GetRequiredService<HandleLeaseCommand>().RunAsync(lease, command, default);
    }

    public static async Task<IReadOnlyList<LeaseEventEnvelope>> JournalAsync(
        IServiceProvider services,
        LeaseId lease
    ) => await services.GetRequiredService<ReadLeaseEvents>().RunAsync(lease, default);
}
