using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>What one line of a lease's statement comes to within one billing period.</summary>
/// <param name="Gpus">Of a credit: those it is for. Of a correction: 1, for its seconds are of one GPU each.</param>
/// <param name="From">A whole second, within the period.</param>
/// <param name="To">Exclusive; a whole second, at most the period's end.</param>
/// <param name="Seconds">
/// Billed. Of a credit: those that the whole of it pays back; of a correction: below 0 where it takes usage away.
/// </param>
/// <param name="Amount">Below 0 where the customer owes less.</param>
/// <param name="Detail">Why, where there is more to say.</param>
/// <param name="CorrectsPast">It corrects a period that was billed before this one.</param>
public sealed record Charge(
    LeaseId Lease,
    LeaseTerms Terms,
    StatementLineKind Kind,
    Rate Rate,
    int Gpus,
    DateTimeOffset From,
    DateTimeOffset To,
    long Seconds,
    MicroUsd Amount,
    string? Detail = null,
    bool CorrectsPast = false
)
{
    /// <summary>What is metered: GPUs × seconds.</summary>
    public long GpuSeconds => (long)Gpus * Seconds;
}
