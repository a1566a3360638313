using System.Runtime.Intrinsics;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>4 floats in a 128-bit register.</summary>
internal readonly record struct Lane128(Vector128<float> Value) : ILane<Lane128>
{
    public static int Width => Vector128<float>.Count;

    public static Lane128 Load(ref readonly float source) => new(Vector128.LoadUnsafe(in source));

    public static Lane128 Of(float value) => new(Vector128.Create(value));

    public static Lane128 Fma(Lane128 a, Lane128 b, Lane128 c) =>
        new(Vector128.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    public static Lane128 Min(Lane128 a, Lane128 b) => new(Vector128.MinNative(a.Value, b.Value));

    public static Lane128 Max(Lane128 a, Lane128 b) => new(Vector128.MaxNative(a.Value, b.Value));

    public static Lane128 Sqrt(Lane128 a) => new(Vector128.Sqrt(a.Value));

    public static Lane128 Choose(Lane128 condition, Lane128 then, Lane128 otherwise) =>
        new(
            Vector128.ConditionalSelect(
                Vector128.GreaterThan(condition.Value, Vector128<float>.Zero),
                then.Value,
                otherwise.Value
            )
        );

    public static Lane128 PowerOfTwo(Lane128 shifted) =>
        new(((shifted.Value.AsInt32() << 23) + Vector128.Create(FloatBits.One)).AsSingle());

    public static Lane128 Split(Lane128 value, out Lane128 exponent)
    {
        var bits = value.Value.AsInt32();
        var power = (bits - Vector128.Create(FloatBits.SqrtHalf)) >> 23;
        exponent = new(Vector128.ConvertToSingle(power));
        return new((bits - (power << 23)).AsSingle());
    }

    public static Lane128 operator +(Lane128 a, Lane128 b) => new(a.Value + b.Value);

    public static Lane128 operator -(Lane128 a, Lane128 b) => new(a.Value - b.Value);

    public static Lane128 operator *(Lane128 a, Lane128 b) => new(a.Value * b.Value);

    public static Lane128 operator /(Lane128 a, Lane128 b) => new(a.Value / b.Value);

    public void Store(ref float target) => Value.StoreUnsafe(ref target);
}
