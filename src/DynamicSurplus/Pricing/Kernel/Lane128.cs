using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>4 floats in a 128-bit register.</summary>
internal readonly struct Lane128(Vector128<float> value) : ILane<Lane128>
{
    private readonly Vector128<float> _value = value;

    public static int Width => Vector128<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator +(Lane128 a, Lane128 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator -(Lane128 a, Lane128 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator *(Lane128 a, Lane128 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator /(Lane128 a, Lane128 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator -(Lane128 value) => new(-value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Of(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Load(float[] column, int fleet) =>
        new(Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(column), (nuint)fleet));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float[] column, int fleet) =>
        _value.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(column), (nuint)fleet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Fma(Lane128 a, Lane128 b, Lane128 c) =>
        new(Vector128.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Sqrt(Lane128 value) => new(Vector128.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Min(Lane128 a, Lane128 b) =>
        new(
            X86Base.IsSupported
                ? Vector128.MinNative(a._value, b._value)
                : Vector128.ConditionalSelect(Vector128.LessThan(a._value, b._value), a._value, b._value)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Max(Lane128 a, Lane128 b) =>
        new(
            X86Base.IsSupported
                ? Vector128.MaxNative(a._value, b._value)
                : Vector128.ConditionalSelect(Vector128.GreaterThan(a._value, b._value), a._value, b._value)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 WhereNegative(Lane128 test, Lane128 then, Lane128 otherwise) =>
        new(
            Vector128.ConditionalSelect(
                Vector128.LessThan(test._value, Vector128<float>.Zero),
                then._value,
                otherwise._value
            )
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Scale(Lane128 value, Lane128 shifted) =>
        new((value._value.AsInt32() + (shifted._value.AsInt32() << FloatBits.Mantissa)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Split(Lane128 value, int leastBits, out Lane128 exponent)
    {
        var least = Vector128.Create(leastBits);
        var above = value._value.AsInt32() - least;
        exponent = new(Vector128.ConvertToSingle(above >> FloatBits.Mantissa));
        return new(((above & Vector128.Create(FloatBits.MantissaMask)) + least).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSteps(Lane128 value, int[] floor, int[] ceiling, int[] steps, int fleet)
    {
        var rounded = Vector128.ConvertToInt32Native(Vector128.Round(value._value));
        var low = Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(floor), (nuint)fleet);
        var high = Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(ceiling), (nuint)fleet);
        Vector128
            .Min(Vector128.Max(rounded, low), high)
            .StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(steps), (nuint)fleet);
    }
}
