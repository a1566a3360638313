using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>8 floats in a 256-bit register.</summary>
internal readonly struct Lane256(Vector256<float> value) : ILane<Lane256>
{
    private readonly Vector256<float> _value = value;

    public static int Width => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator +(Lane256 a, Lane256 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator -(Lane256 a, Lane256 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator *(Lane256 a, Lane256 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator /(Lane256 a, Lane256 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator -(Lane256 value) => new(-value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Of(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Load(float[] column, int fleet) =>
        new(Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(column), (nuint)fleet));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float[] column, int fleet) =>
        _value.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(column), (nuint)fleet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Fma(Lane256 a, Lane256 b, Lane256 c) =>
        new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Sqrt(Lane256 value) => new(Vector256.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Min(Lane256 a, Lane256 b) =>
        new(
            X86Base.IsSupported
                ? Vector256.MinNative(a._value, b._value)
                : Vector256.ConditionalSelect(Vector256.LessThan(a._value, b._value), a._value, b._value)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Max(Lane256 a, Lane256 b) =>
        new(
            X86Base.IsSupported
                ? Vector256.MaxNative(a._value, b._value)
                : Vector256.ConditionalSelect(Vector256.GreaterThan(a._value, b._value), a._value, b._value)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 WhereNegative(Lane256 test, Lane256 then, Lane256 otherwise) =>
        new(
            Vector256.ConditionalSelect(
                Vector256.LessThan(test._value, Vector256<float>.Zero),
                then._value,
                otherwise._value
            )
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Scale(Lane256 value, Lane256 shifted) =>
        new((value._value.AsInt32() + (shifted._value.AsInt32() << FloatBits.Mantissa)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Split(Lane256 value, int leastBits, out Lane256 exponent)
    {
        var least = Vector256.Create(leastBits);
        var above = value._value.AsInt32() - least;
        exponent = new(Vector256.ConvertToSingle(above >> FloatBits.Mantissa));
        return new(((above & Vector256.Create(FloatBits.MantissaMask)) + least).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSteps(Lane256 value, int[] floor, int[] ceiling, int[] steps, int fleet)
    {
        var rounded = Vector256.ConvertToInt32Native(Vector256.Round(value._value));
        var low = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(floor), (nuint)fleet);
        var high = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(ceiling), (nuint)fleet);
        Vector256
            .Min(Vector256.Max(rounded, low), high)
            .StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(steps), (nuint)fleet);
    }
}
