using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>A stretch of a lease with one rate and one number of GPUs, and what it comes to.</summary>
/// <param name="From">The machines were handed over, or the number of GPUs changed.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Seconds">Whole seconds that are billed: those that have passed.</param>
public sealed record StatementLine(
    Rate Rate,
    int Gpus,
    DateTimeOffset From,
    DateTimeOffset To,
    long Seconds,
    MicroUsd Amount
);
