using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Leases;

/// <summary>The leases that a caller may see.</summary>
public sealed class LeaseAccess(LeaseStreams streams)
{
    /// <summary>Null where there is no such lease, or the caller may not see it: the two look alike.</summary>
    public async Task<LeaseState?> FindAsync(ApiCall call, LeaseId? lease)
    {
        if (lease is not { } id)
        {
            return null;
        }
        var state = await streams.ReadAsync(id, call.CancellationToken);
        return state.Lease.Terms is { } terms && call.Caller.MaySee(terms.Tenant) ? state : null;
    }

    /// <summary>The same request has the same command, whatever its tries.</summary>
    internal static CommandId CommandOf(ApiCall call, string what) => CommandId.From($"{what}-{call.Key!.Value}");
}
