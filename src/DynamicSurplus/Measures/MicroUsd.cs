using System.Globalization;

namespace DynamicSurplus.Measures;

/// <summary>An amount of money in whole micro-dollars, up to ± 9.2 trillion USD; overflow throws.</summary>
public readonly record struct MicroUsd(long Value) : IComparable<MicroUsd>
{
    public static readonly MicroUsd Zero = new(0);

    public decimal Usd => Value / 1_000_000m;

    public static MicroUsd operator +(MicroUsd left, MicroUsd right) => new(checked(left.Value + right.Value));

    public static MicroUsd operator -(MicroUsd left, MicroUsd right) => new(checked(left.Value - right.Value));

    public static bool operator <(MicroUsd left, MicroUsd right) => left.Value < right.Value;

    public static bool operator >(MicroUsd left, MicroUsd right) => left.Value > right.Value;

    public static bool operator <=(MicroUsd left, MicroUsd right) => left.Value <= right.Value;

    public static bool operator >=(MicroUsd left, MicroUsd right) => left.Value >= right.Value;

    public int CompareTo(MicroUsd other) => Value.CompareTo(other.Value);

    /// <summary>USD with six decimals, such as <c>12.345678</c>.</summary>
    public override string ToString() => Usd.ToString("F6", CultureInfo.InvariantCulture);
}
