using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>Leases by customer: derived from the journals, rebuildable, a moment behind them.</summary>
public interface ILeaseViews
{
    /// <summary>Upsert, unless a later version of the lease is stored.</summary>
    Task PutAsync(LeaseView view, CancellationToken cancellationToken);

    /// <summary>One lease's, as it is stored; null where it has none yet.</summary>
    Task<LeaseView?> FindAsync(TenantId tenant, LeaseId lease, CancellationToken cancellationToken);

    /// <summary>
    /// A page of one tenant's leases, or of everybody's where it is null, ordered by (tenant, lease).
    /// </summary>
    /// <param name="after">The cursor that the previous page gave; null: from the start.</param>
    /// <param name="most">1 to 1,000.</param>
    /// <exception cref="FormatException"><paramref name="after"/> is no <see cref="LeaseCursor"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1 or above 1,000.</exception>
    Task<LeasePage> ListAsync(TenantId? tenant, string? after, int most, CancellationToken cancellationToken);
}
