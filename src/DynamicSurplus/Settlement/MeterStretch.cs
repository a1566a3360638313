using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>From then on a lease's GPUs cost that, until the next stretch begins.</summary>
/// <param name="Gpus">1 or more.</param>
public readonly record struct MeterStretch(DateTimeOffset From, Rate Rate, int Gpus);
