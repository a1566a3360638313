using System.Diagnostics.CodeAnalysis;

namespace DynamicSurplus.Measures;

/// <summary>
/// A customer's name, taken from its credential and never from a request's body: <c>[a-z0-9][a-z0-9-]{0,62}</c>.
/// </summary>
public readonly record struct TenantId : IComparable<TenantId>
{
    private readonly string? _value;

    private TenantId(string value) => _value = value;

    /// <summary>What a valid id looks like, in words for error messages.</summary>
    public static string Shape => Identifier.Shape;

    /// <exception cref="FormatException">The text has another shape.</exception>
    public static TenantId Parse(string text) => new(Identifier.Require(text, "tenant id"));

    public static bool TryParse([NotNullWhen(true)] string? text, out TenantId id)
    {
        id = Identifier.IsValid(text) ? new(text) : default;
        return id._value is not null;
    }

    public static bool operator <(TenantId left, TenantId right) => left.CompareTo(right) < 0;

    public static bool operator >(TenantId left, TenantId right) => left.CompareTo(right) > 0;

    public static bool operator <=(TenantId left, TenantId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TenantId left, TenantId right) => left.CompareTo(right) >= 0;

    public int CompareTo(TenantId other) => string.CompareOrdinal(_value, other._value);

    public override string ToString() => _value ?? "";
}
