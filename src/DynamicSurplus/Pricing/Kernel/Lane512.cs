using System.Runtime.Intrinsics;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>16 floats in a 512-bit register.</summary>
internal readonly record struct Lane512(Vector512<float> Value) : ILane<Lane512>
{
    public static int Width => Vector512<float>.Count;

    public static Lane512 Load(ref readonly float source) => new(Vector512.LoadUnsafe(in source));

    public static Lane512 Of(float value) => new(Vector512.Create(value));

    public static Lane512 Fma(Lane512 a, Lane512 b, Lane512 c) =>
        new(Vector512.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    public static Lane512 Min(Lane512 a, Lane512 b) => new(Vector512.MinNative(a.Value, b.Value));

    public static Lane512 Max(Lane512 a, Lane512 b) => new(Vector512.MaxNative(a.Value, b.Value));

    public static Lane512 Sqrt(Lane512 a) => new(Vector512.Sqrt(a.Value));

    public static Lane512 Choose(Lane512 condition, Lane512 then, Lane512 otherwise) =>
        new(
            Vector512.ConditionalSelect(
                Vector512.GreaterThan(condition.Value, Vector512<float>.Zero),
                then.Value,
                otherwise.Value
            )
        );

    public static Lane512 PowerOfTwo(Lane512 shifted) =>
        new(((shifted.Value.AsInt32() << 23) + Vector512.Create(FloatBits.One)).AsSingle());

    public static Lane512 Split(Lane512 value, out Lane512 exponent)
    {
        var bits = value.Value.AsInt32();
        var power = (bits - Vector512.Create(FloatBits.SqrtHalf)) >> 23;
        exponent = new(Vector512.ConvertToSingle(power));
        return new((bits - (power << 23)).AsSingle());
    }

    public static Lane512 operator +(Lane512 a, Lane512 b) => new(a.Value + b.Value);

    public static Lane512 operator -(Lane512 a, Lane512 b) => new(a.Value - b.Value);

    public static Lane512 operator *(Lane512 a, Lane512 b) => new(a.Value * b.Value);

    public static Lane512 operator /(Lane512 a, Lane512 b) => new(a.Value / b.Value);

    public void Store(ref float target) => Value.StoreUnsafe(ref target);
}
