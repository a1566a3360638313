using DynamicSurplus.Engine;
using DynamicSurplus.Functions.Orchestrations;
using DynamicSurplus.Functions.Tests.Durable;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Functions.Tests.Scenarios;

/// <summary>Azure's: one durable orchestration a lease.</summary>
internal sealed class OrchestrationDriver : ILeaseDriver
{
    private readonly AppWorld _world = new(
        start: LeaseScript.Start,
        options: new EngineOptions { TickLength = LeaseScript.TickLength }
    );

    public Task StartAsync() => EngineCommands.RegisterFleetAsync(_world.Services);

    public Task AdvanceAsync(DateTimeOffset to) => _world.Hub.RunUntilAsync(to);

    public async Task CommandAsync(LeaseId lease, LeaseCommand command)
    {
        using var scope = _world.Get<DurableClientScope>().Enter(_world.Hub.Client);
        await EngineCommands.RunAsync(_world.Services, lease, command);
    }

    public Task<IReadOnlyList<LeaseEventEnvelope>> JournalAsync(LeaseId lease) =>
        EngineCommands.JournalAsync(_world.Services, lease);

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}
