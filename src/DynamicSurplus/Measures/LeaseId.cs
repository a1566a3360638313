using System.Diagnostics.CodeAnalysis;

namespace DynamicSurplus.Measures;

/// <summary>
/// A lease's name: 32 hex digits made of its tenant and the request's idempotency key, so that a request repeated after
/// a crash meets the stream it began.
/// </summary>
public readonly record struct LeaseId : IComparable<LeaseId>
{
    private const int Digits = 32;
    private readonly string? _value;

    private LeaseId(string value) => _value = value;

    public static LeaseId For(TenantId tenant, string idempotencyKey) =>
        new(Identifier.Digest(tenant.ToString(), idempotencyKey));

    /// <exception cref="FormatException">Not 32 lower-case hex digits.</exception>
    public static LeaseId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"Lease id '{text}' is not 32 hex digits.");

    public static bool TryParse([NotNullWhen(true)] string? text, out LeaseId id)
    {
        var valid = text is { Length: Digits } && text.All(char.IsAsciiHexDigitLower);
        id = valid ? new(text!) : default;
        return valid;
    }

    public static bool operator <(LeaseId left, LeaseId right) => left.CompareTo(right) < 0;

    public static bool operator >(LeaseId left, LeaseId right) => left.CompareTo(right) > 0;

    public static bool operator <=(LeaseId left, LeaseId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LeaseId left, LeaseId right) => left.CompareTo(right) >= 0;

    public int CompareTo(LeaseId other) => string.CompareOrdinal(_value, other._value);

    public override string ToString() => _value ?? "";
}
