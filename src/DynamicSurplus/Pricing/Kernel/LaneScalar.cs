namespace DynamicSurplus.Pricing.Kernel;

/// <summary>One float.</summary>
internal readonly struct LaneScalar(float value) : ILane<LaneScalar>
{
    private readonly float _value = value;

    public static int Width => 1;

    public static explicit operator float(LaneScalar lane) => lane._value;

    public static LaneScalar operator +(LaneScalar a, LaneScalar b) => new(a._value + b._value);

    public static LaneScalar operator -(LaneScalar a, LaneScalar b) => new(a._value - b._value);

    public static LaneScalar operator *(LaneScalar a, LaneScalar b) => new(a._value * b._value);

    public static LaneScalar operator /(LaneScalar a, LaneScalar b) => new(a._value / b._value);

    public static LaneScalar operator -(LaneScalar a) => new(-a._value);

    public static LaneScalar Of(float value) => new(value);

    public static LaneScalar Load(float[] column, int fleet) => new(column[fleet]);

    public void Store(float[] column, int fleet) => column[fleet] = _value;

    public static LaneScalar Fma(LaneScalar a, LaneScalar b, LaneScalar c) =>
        new(MathF.FusedMultiplyAdd(a._value, b._value, c._value));

    public static LaneScalar Sqrt(LaneScalar a) => new(MathF.Sqrt(a._value));

    public static LaneScalar Min(LaneScalar a, LaneScalar b) => a._value < b._value ? a : b;

    public static LaneScalar Max(LaneScalar a, LaneScalar b) => a._value > b._value ? a : b;

    public static LaneScalar WhereNegative(LaneScalar test, LaneScalar then, LaneScalar otherwise) =>
        test._value < 0f ? then : otherwise;

    public static LaneScalar Scale(LaneScalar value, LaneScalar shifted)
    {
        var bits = BitConverter.SingleToInt32Bits(value._value);
        var power = BitConverter.SingleToInt32Bits(shifted._value) << FloatBits.Mantissa;
        return new(BitConverter.Int32BitsToSingle(unchecked(bits + power)));
    }

    public static LaneScalar Split(LaneScalar value, int leastBits, out LaneScalar exponent)
    {
        var above = unchecked(BitConverter.SingleToInt32Bits(value._value) - leastBits);
        exponent = new(above >> FloatBits.Mantissa);
        return new(BitConverter.Int32BitsToSingle((above & FloatBits.MantissaMask) + leastBits));
    }

    public static void StoreSteps(LaneScalar value, int[] floor, int[] ceiling, int[] steps, int fleet)
    {
        var rounded = (int)MathF.Round(value._value, MidpointRounding.ToEven);
        steps[fleet] = Math.Min(Math.Max(rounded, floor[fleet]), ceiling[fleet]);
    }
}
