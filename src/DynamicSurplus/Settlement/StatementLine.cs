using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>One line of a statement, and what it comes to.</summary>
/// <param name="Gpus">
/// Of a usage line: in use. Of a credit: those it is for. Of a correction: 1, for its seconds are of one GPU each.
/// </param>
/// <param name="From">
/// Of a usage line: the machines were handed over, or rate or GPUs changed. Else when the line was made.
/// </param>
/// <param name="To">Exclusive; the same as <paramref name="From"/> unless it is a usage line.</param>
/// <param name="Seconds">
/// Whole seconds that are billed: those that have passed. Of a credit: those that it pays back; of a correction: below
/// 0
/// where it takes usage away.
/// </param>
/// <param name="Amount">Below 0 where the customer owes less.</param>
/// <param name="Detail">Why, unless it is a usage line.</param>
public sealed record StatementLine(
    StatementLineKind Kind,
    Rate Rate,
    int Gpus,
    DateTimeOffset From,
    DateTimeOffset To,
    long Seconds,
    MicroUsd Amount,
    string? Detail = null
);
