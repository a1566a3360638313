namespace DynamicSurplus.Pricing.Kernel;

/// <summary>One float.</summary>
internal readonly record struct LaneScalar(float Value) : ILane<LaneScalar>
{
    public static int Width => 1;

    public static implicit operator LaneScalar(float value) => new(value);

    public static explicit operator float(LaneScalar lane) => lane.Value;

    public static LaneScalar Load(ref readonly float source) => new(source);

    public static LaneScalar Of(float value) => new(value);

    public static LaneScalar Fma(LaneScalar a, LaneScalar b, LaneScalar c) =>
        new(MathF.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    public static LaneScalar Min(LaneScalar a, LaneScalar b) => a.Value < b.Value ? a : b;

    public static LaneScalar Max(LaneScalar a, LaneScalar b) => a.Value > b.Value ? a : b;

    public static LaneScalar Sqrt(LaneScalar a) => new(MathF.Sqrt(a.Value));

    public static LaneScalar Choose(LaneScalar condition, LaneScalar then, LaneScalar otherwise) =>
        condition.Value > 0 ? then : otherwise;

    public static LaneScalar PowerOfTwo(LaneScalar shifted) =>
        new(BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(shifted.Value) << 23) + FloatBits.One));

    public static LaneScalar Split(LaneScalar value, out LaneScalar exponent)
    {
        var bits = BitConverter.SingleToInt32Bits(value.Value);
        var power = (bits - FloatBits.SqrtHalf) >> 23;
        exponent = new(power);
        return new(BitConverter.Int32BitsToSingle(bits - (power << 23)));
    }

    public static LaneScalar operator +(LaneScalar a, LaneScalar b) => new(a.Value + b.Value);

    public static LaneScalar operator -(LaneScalar a, LaneScalar b) => new(a.Value - b.Value);

    public static LaneScalar operator *(LaneScalar a, LaneScalar b) => new(a.Value * b.Value);

    public static LaneScalar operator /(LaneScalar a, LaneScalar b) => new(a.Value / b.Value);

    public void Store(ref float target) => target = Value;
}
