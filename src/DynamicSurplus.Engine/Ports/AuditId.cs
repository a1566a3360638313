using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// An audit entry's id, which sorts by time, as a value and as text: UTC ticks of 100 ns in 19 digits, a hyphen, and 64
/// random bits as 16 hex digits.
/// </summary>
public readonly record struct AuditId : IComparable<AuditId>
{
    private const int TickDigits = 19;
    private const int Length = TickDigits + 1 + 16;
    private readonly long _ticks;
    private readonly ulong _random;

    private AuditId(long ticks, ulong random) => (_ticks, _random) = (ticks, random);

    /// <summary>When what the entry says was so, on the wall's clock.</summary>
    public DateTimeOffset At => new(_ticks, TimeSpan.Zero);

    /// <summary>Of no other entry, of this or any other process.</summary>
    public static AuditId New(DateTimeOffset at) =>
        new(at.UtcTicks, BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    /// <summary>One behind this, even where the clock has not moved on, or was put back.</summary>
    public AuditId Next(DateTimeOffset at) => New(at > At ? at : At.AddTicks(1));

    public static bool TryParse([NotNullWhen(true)] string? text, out AuditId id)
    {
        id = default;
        if (
            text is not { Length: Length }
            || !long.TryParse(
                text.AsSpan(0, TickDigits),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var ticks
            )
            || ticks > DateTime.MaxValue.Ticks
            || !ulong.TryParse(
                text.AsSpan(TickDigits + 1),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var random
            )
        )
        {
            return false;
        }
        var read = new AuditId(ticks, random);
        if (!string.Equals(read.ToString(), text, StringComparison.Ordinal))
        {
            return false; // other letters would sort elsewhere
        }
        id = read;
        return true;
    }

    public static bool operator <(AuditId left, AuditId right) => left.CompareTo(right) < 0;

    public static bool operator >(AuditId left, AuditId right) => left.CompareTo(right) > 0;

    public static bool operator <=(AuditId left, AuditId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(AuditId left, AuditId right) => left.CompareTo(right) >= 0;

    public int CompareTo(AuditId other) =>
        _ticks.CompareTo(other._ticks) is not 0 and var byTime ? byTime : _random.CompareTo(other._random);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_ticks:D19}-{_random:x16}");
}
