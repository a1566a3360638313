namespace DynamicSurplus.Settlement;

/// <summary>An account of the owner's ledger.</summary>
/// <param name="Name">Of the tenant, fleet or team.</param>
public readonly record struct LedgerAccount(LedgerAccountKind Kind, string Name) : IComparable<LedgerAccount>
{
    public static bool operator <(LedgerAccount left, LedgerAccount right) => left.CompareTo(right) < 0;

    public static bool operator >(LedgerAccount left, LedgerAccount right) => left.CompareTo(right) > 0;

    public static bool operator <=(LedgerAccount left, LedgerAccount right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LedgerAccount left, LedgerAccount right) => left.CompareTo(right) >= 0;

    public int CompareTo(LedgerAccount other) =>
        Kind.CompareTo(other.Kind) is not 0 and var byKind ? byKind : string.CompareOrdinal(Name, other.Name);
}
