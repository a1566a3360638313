namespace DynamicSurplus.Pricing.Kernel;

/// <summary>Bit patterns that split and build floats.</summary>
internal static class FloatBits
{
    /// <summary>Of a mantissa, so where the exponent begins.</summary>
    public const int Mantissa = 23;

    public const int MantissaMask = (1 << Mantissa) - 1;

    /// <summary>Of 1.</summary>
    public const int One = 0x3F80_0000;

    /// <summary>Of √½, rounded down.</summary>
    public const int SqrtHalf = 0x3F35_04F3;
}
