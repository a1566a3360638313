namespace DynamicSurplus.Api.Wire;

/// <summary>What a tick made of its inputs.</summary>
/// <param name="LogTarget">ln of the rate that the tick moved toward.</param>
/// <param name="LogRate">ln(USD per GPU-hour), before it is rounded to a step.</param>
public sealed record TickOutputsDocument(
    float FirmSliceGpus,
    float TotalSliceGpus,
    float Interest,
    float LogTarget,
    float LogRate
);
