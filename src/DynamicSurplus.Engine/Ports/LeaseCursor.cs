using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// Where a page of leases ended: its last lease. The next page begins after it, whatever came or went.
/// </summary>
public readonly record struct LeaseCursor(TenantId Tenant, LeaseId Lease) : IComparable<LeaseCursor>
{
    /// <exception cref="FormatException">The text is no cursor.</exception>
    public static LeaseCursor Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return
            slash > 0
            && TenantId.TryParse(text[..slash], out var tenant)
            && LeaseId.TryParse(text[(slash + 1)..], out var lease)
            ? new(tenant, lease)
            : throw new FormatException($"'{text}' is no cursor: give the one that the previous page returned.");
    }

    public static bool operator <(LeaseCursor left, LeaseCursor right) => left.CompareTo(right) < 0;

    public static bool operator >(LeaseCursor left, LeaseCursor right) => left.CompareTo(right) > 0;

    public static bool operator <=(LeaseCursor left, LeaseCursor right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LeaseCursor left, LeaseCursor right) => left.CompareTo(right) >= 0;

    public int CompareTo(LeaseCursor other) =>
        Tenant.CompareTo(other.Tenant) is not 0 and var byTenant ? byTenant : Lease.CompareTo(other.Lease);

    public override string ToString() => $"{Tenant}/{Lease}";
}
