using System.Globalization;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryTenantHolds : ITenantHolds
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TenantId, (IReadOnlyList<TenantHold> Holds, long Writes)> _tenants = [];

    public Task<(IReadOnlyList<TenantHold> Holds, string? Version)> ReadAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            return Task.FromResult<(IReadOnlyList<TenantHold>, string?)>(
                _tenants.TryGetValue(tenant, out var list) ? (list.Holds, VersionOf(list.Writes)) : ([], null)
            );
        }
    }

    public Task<string?> TryWriteAsync(
        TenantId tenant,
        IReadOnlyList<TenantHold> holds,
        string? version,
        CancellationToken cancellationToken
    )
    {
        ITenantHolds.Require(holds);
        lock (_gate)
        {
            var writes = _tenants.GetValueOrDefault(tenant).Writes;
            if (!string.Equals(version, writes == 0 ? null : VersionOf(writes), StringComparison.Ordinal))
            {
                return Task.FromResult<string?>(null);
            }
            _tenants[tenant] = ([.. holds], writes + 1);
            return Task.FromResult<string?>(VersionOf(writes + 1));
        }
    }

    private static string VersionOf(long writes) => writes.ToString(CultureInfo.InvariantCulture);
}
