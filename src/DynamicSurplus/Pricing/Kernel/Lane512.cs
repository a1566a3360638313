using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>16 floats in a 512-bit register.</summary>
internal readonly struct Lane512(Vector512<float> value) : ILane<Lane512>
{
    private readonly Vector512<float> _value = value;

    public static int Width => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator +(Lane512 a, Lane512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator -(Lane512 a, Lane512 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator *(Lane512 a, Lane512 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator /(Lane512 a, Lane512 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator -(Lane512 value) => new(-value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Of(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Load(float[] column, int fleet) =>
        new(Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(column), (nuint)fleet));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float[] column, int fleet) =>
        _value.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(column), (nuint)fleet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Fma(Lane512 a, Lane512 b, Lane512 c) =>
        new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Sqrt(Lane512 value) => new(Vector512.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Min(Lane512 a, Lane512 b) =>
        new(
            X86Base.IsSupported
                ? Vector512.MinNative(a._value, b._value)
                : Vector512.ConditionalSelect(Vector512.LessThan(a._value, b._value), a._value, b._value)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Max(Lane512 a, Lane512 b) =>
        new(
            X86Base.IsSupported
                ? Vector512.MaxNative(a._value, b._value)
                : Vector512.ConditionalSelect(Vector512.GreaterThan(a._value, b._value), a._value, b._value)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 WhereNegative(Lane512 test, Lane512 then, Lane512 otherwise) =>
        new(
            Vector512.ConditionalSelect(
                Vector512.LessThan(test._value, Vector512<float>.Zero),
                then._value,
                otherwise._value
            )
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Scale(Lane512 value, Lane512 shifted) =>
        new((value._value.AsInt32() + (shifted._value.AsInt32() << FloatBits.Mantissa)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Split(Lane512 value, int leastBits, out Lane512 exponent)
    {
        var least = Vector512.Create(leastBits);
        var above = value._value.AsInt32() - least;
        exponent = new(Vector512.ConvertToSingle(above >> FloatBits.Mantissa));
        return new(((above & Vector512.Create(FloatBits.MantissaMask)) + least).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSteps(Lane512 value, int[] floor, int[] ceiling, int[] steps, int fleet)
    {
        var rounded = Vector512.ConvertToInt32Native(Vector512.Round(value._value));
        var low = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(floor), (nuint)fleet);
        var high = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(ceiling), (nuint)fleet);
        Vector512
            .Min(Vector512.Max(rounded, low), high)
            .StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(steps), (nuint)fleet);
    }
}
