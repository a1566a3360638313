using System.Runtime.Intrinsics;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>8 floats in a 256-bit register.</summary>
internal readonly record struct Lane256(Vector256<float> Value) : ILane<Lane256>
{
    public static int Width => Vector256<float>.Count;

    public static Lane256 Load(ref readonly float source) => new(Vector256.LoadUnsafe(in source));

    public static Lane256 Of(float value) => new(Vector256.Create(value));

    public static Lane256 Fma(Lane256 a, Lane256 b, Lane256 c) =>
        new(Vector256.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    public static Lane256 Min(Lane256 a, Lane256 b) => new(Vector256.MinNative(a.Value, b.Value));

    public static Lane256 Max(Lane256 a, Lane256 b) => new(Vector256.MaxNative(a.Value, b.Value));

    public static Lane256 Sqrt(Lane256 a) => new(Vector256.Sqrt(a.Value));

    public static Lane256 Choose(Lane256 condition, Lane256 then, Lane256 otherwise) =>
        new(
            Vector256.ConditionalSelect(
                Vector256.GreaterThan(condition.Value, Vector256<float>.Zero),
                then.Value,
                otherwise.Value
            )
        );

    public static Lane256 PowerOfTwo(Lane256 shifted) =>
        new(((shifted.Value.AsInt32() << 23) + Vector256.Create(FloatBits.One)).AsSingle());

    public static Lane256 Split(Lane256 value, out Lane256 exponent)
    {
        var bits = value.Value.AsInt32();
        var power = (bits - Vector256.Create(FloatBits.SqrtHalf)) >> 23;
        exponent = new(Vector256.ConvertToSingle(power));
        return new((bits - (power << 23)).AsSingle());
    }

    public static Lane256 operator +(Lane256 a, Lane256 b) => new(a.Value + b.Value);

    public static Lane256 operator -(Lane256 a, Lane256 b) => new(a.Value - b.Value);

    public static Lane256 operator *(Lane256 a, Lane256 b) => new(a.Value * b.Value);

    public static Lane256 operator /(Lane256 a, Lane256 b) => new(a.Value / b.Value);

    public void Store(ref float target) => Value.StoreUnsafe(ref target);
}
