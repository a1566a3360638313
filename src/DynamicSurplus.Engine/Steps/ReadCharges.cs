using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// What leases come to within a billing period, from their journals; the views say which leases to read. Statements,
/// the ledger and exports are all made of this.
/// </summary>
public sealed class ReadCharges(ILeaseViews views, LeaseStreams streams, EngineClock clock)
{
    /// <summary>Leases of one page: so many journals are read well within a request's life.</summary>
    public const int MostLeases = 5_000;

    private const int PageSize = 1_000;
    private const int ReadsAtOnce = 16;

    /// <param name="tenant">Null: everybody's.</param>
    /// <param name="after">The cursor that the previous page gave; null: from the start.</param>
    /// <param name="most">Leases with something in the period, 1 to <see cref="MostLeases"/>.</param>
    /// <exception cref="FormatException"><paramref name="after"/> is no <see cref="LeaseCursor"/>.</exception>
    public async Task<ChargePage> RunAsync(
        BillingPeriod period,
        TenantId? tenant,
        string? after,
        int most,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MostLeases);
        var asOf = clock.UtcNow;
        var charges = new List<Charge>();
        for (var (cursor, read) = (after, 0); ; )
        {
            var page = await views.ListAsync(tenant, cursor, Math.Min(PageSize, most - read), cancellationToken);
            foreach (var group in page.Leases.Where(view => MayTouch(view, period)).Chunk(ReadsAtOnce))
            {
                var states = await Task.WhenAll(group.Select(view => streams.ReadAsync(view.Lease, cancellationToken)));
                charges.AddRange(states.SelectMany(state => Of(state.Lease, asOf, period)));
                read += group.Length;
            }
            if (page.Next is null || read >= most)
            {
                return new(period, asOf, charges, page.Next);
            }
            cursor = page.Next;
        }
    }

    private static IReadOnlyList<Charge> Of(Lease lease, DateTimeOffset asOf, BillingPeriod period) =>
        PeriodCharges.Of(lease, LeaseStatement.Of(lease, asOf), period);

    /// <summary>A lease that was settled before the period began, and not corrected since, has nothing in it.</summary>
    private static bool MayTouch(LeaseView view, BillingPeriod period) =>
        view.HeldAt < period.End
        && view.Status != LeaseStatus.Lapsed
        && (view.Status != LeaseStatus.Settled || view.ChangedAt is null || view.ChangedAt >= period.Start);
}
