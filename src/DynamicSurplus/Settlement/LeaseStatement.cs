using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>What a lease owes, and why.</summary>
/// <param name="AsOf">Up to when the lines count.</param>
/// <param name="Lines">None where the machines were never handed over.</param>
/// <param name="Total">Of the lines, each rounded once.</param>
public sealed record LeaseStatement(
    LeaseId Lease,
    StatementState State,
    DateTimeOffset AsOf,
    IReadOnlyList<StatementLine> Lines,
    MicroUsd Total
)
{
    /// <summary>The statement of a lease in any state.</summary>
    /// <param name="now">
    /// A running lease is billed up to here, and never past the instant at which it ends by itself.
    /// </param>
    public static LeaseStatement Of(Lease lease, DateTimeOffset now)
    {
        var state = lease.Status switch
        {
            LeaseStatus.Settled or LeaseStatus.Lapsed => StatementState.Settled,
            LeaseStatus.Ended => StatementState.Unsettled,
            _ => StatementState.Provisional,
        };
        if (lease is not { GrantedAt: { } from, Terms: { } terms })
        {
            return new(lease.Id, state, lease.EndedAt ?? now, [], MicroUsd.Zero);
        }
        var to = lease.EndedAt ?? Earlier(now, lease.NextWake ?? now);
        var seconds = Math.Max(0, (to - from).Ticks / TimeSpan.TicksPerSecond);
        var amount = StatementAmount.Of([new MeterSegment(terms.Rate, terms.Gpus, seconds)]);
        return new(lease.Id, state, to, [new(terms.Rate, terms.Gpus, from, to, seconds, amount)], amount);
    }

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
