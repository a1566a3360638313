using System.Globalization;

namespace DynamicSurplus.Measures;

/// <summary>An amount of money in whole micro-dollars, up to ± 9.2 trillion USD; overflow throws.</summary>
public readonly record struct MicroUsd(long Value) : IComparable<MicroUsd>
{
    public static readonly MicroUsd Zero = new(0);

    public decimal Usd => Value / 1_000_000m;

    /// <summary>The nearest whole micro-dollar of an exact amount, half to even.</summary>
    /// <param name="units">Of which <paramref name="unitsPerMicroUsd"/> make one.</param>
    /// <param name="unitsPerMicroUsd">Above 0.</param>
    /// <exception cref="OverflowException">More than 9.2 trillion USD.</exception>
    public static MicroUsd Round(Int128 units, int unitsPerMicroUsd)
    {
        var (amount, rest) = Int128.DivRem(units, unitsPerMicroUsd);
        var twice = 2 * Int128.Abs(rest);
        var isAway = twice > unitsPerMicroUsd || (twice == unitsPerMicroUsd && Int128.IsOddInteger(amount));
        return new(checked((long)(isAway ? amount + Int128.Sign(units) : amount)));
    }

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
