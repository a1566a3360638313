using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Functions.Tests.Scenarios;

/// <summary>What waits and relays for leases: one of the product's three.</summary>
internal interface ILeaseDriver : IAsyncDisposable
{
    Task StartAsync();

    /// <summary>Time passes; what is due by then has happened afterwards.</summary>
    Task AdvanceAsync(DateTimeOffset to);

    Task CommandAsync(LeaseId lease, LeaseCommand command);

    Task<IReadOnlyList<LeaseEventEnvelope>> JournalAsync(LeaseId lease);
}
