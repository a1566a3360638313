namespace DynamicSurplus.Pricing.Kernel;

/// <summary>Bit patterns that split and build floats.</summary>
internal static class FloatBits
{
    /// <summary>Of 1.</summary>
    public const int One = 0x3F80_0000;

    /// <summary>Of √½, rounded down.</summary>
    public const int SqrtHalf = 0x3F35_04F3;
}
