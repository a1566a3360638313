using System.IO.Hashing;
using System.Text;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Compares fleet ids also with the UTF-8 of an id, so that a dictionary can be asked without making a string.
/// </summary>
internal sealed class FleetIdBytes : IEqualityComparer<FleetId>, IAlternateEqualityComparer<ReadOnlySpan<byte>, FleetId>
{
    private const int LongestId = 63;

    public static readonly FleetIdBytes Comparer = new();

    public bool Equals(FleetId x, FleetId y) => x == y;

    public bool Equals(ReadOnlySpan<byte> alternate, FleetId other) => Ascii.Equals(alternate, other.ToString());

    public int GetHashCode(FleetId obj)
    {
        Span<byte> bytes = stackalloc byte[LongestId];
        return GetHashCode(bytes[..Encoding.ASCII.GetBytes(obj.ToString(), bytes)]);
    }

    public int GetHashCode(ReadOnlySpan<byte> alternate) => unchecked((int)XxHash3.HashToUInt64(alternate));

    public FleetId Create(ReadOnlySpan<byte> alternate) => FleetId.Parse(Encoding.ASCII.GetString(alternate));
}
