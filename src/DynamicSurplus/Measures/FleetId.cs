using System.Diagnostics.CodeAnalysis;

namespace DynamicSurplus.Measures;

/// <summary>A fleet's name, chosen by its operator: <c>[a-z0-9][a-z0-9-]{0,62}</c>.</summary>
public readonly record struct FleetId : IComparable<FleetId>
{
    private readonly string? _value;

    private FleetId(string value) => _value = value;

    /// <summary>What a valid id looks like, in words for error messages.</summary>
    public static string Shape => Identifier.Shape;

    /// <exception cref="FormatException">The text has another shape.</exception>
    public static FleetId Parse(string text) => new(Identifier.Require(text, "fleet id"));

    public static bool TryParse([NotNullWhen(true)] string? text, out FleetId id)
    {
        id = Identifier.IsValid(text) ? new(text) : default;
        return id._value is not null;
    }

    public static bool operator <(FleetId left, FleetId right) => left.CompareTo(right) < 0;

    public static bool operator >(FleetId left, FleetId right) => left.CompareTo(right) > 0;

    public static bool operator <=(FleetId left, FleetId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FleetId left, FleetId right) => left.CompareTo(right) >= 0;

    /// <summary>The shard that prices this fleet, 0 to <paramref name="shardCount"/> − 1.</summary>
    public int Shard(int shardCount) => (int)(Identifier.Fnv1A(ToString()) % (uint)shardCount);

    /// <summary>The shard of an id that is at hand as UTF-8, valid or not.</summary>
    public static int Shard(ReadOnlySpan<byte> utf8Id, int shardCount) =>
        (int)(Identifier.Fnv1A(utf8Id) % (uint)shardCount);

    /// <summary>FNV-1a of the id: the model staggers the ends of the fleets' blocks by it.</summary>
    public uint Hash => Identifier.Fnv1A(ToString());

    public int CompareTo(FleetId other) => string.CompareOrdinal(_value, other._value);

    public override string ToString() => _value ?? "";
}
