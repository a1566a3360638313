using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>What a lease owes, and why.</summary>
/// <param name="AsOf">Up to when the lines count.</param>
/// <param name="Lines">
/// Usage in the order of time, then credits, then corrections; no usage where the machines were never handed over.
/// </param>
/// <param name="Total">Of the lines, each rounded once. Never below 0.</param>
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
        var to = lease.EndedAt ?? (lease.Meter.IsRunning ? Earlier(now, lease.MeteredUntil ?? now) : now);
        var lines = LinesOf(lease, to);
        return new(lease.Id, state, to, lines, Sum(lines));
    }

    /// <summary>Usage up to then, and what was credited and corrected.</summary>
    internal static List<StatementLine> LinesOf(Lease lease, DateTimeOffset to)
    {
        var lines = new List<StatementLine>();
        if (lease.Meter.IsRunning)
        {
            lines.AddRange(lease.Meter.Lines(to));
        }
        var owed = Sum(lines);
        foreach (var credit in lease.Credits)
        {
            var amount = credit.Amount > owed ? owed : credit.Amount;
            lines.Add(credit with { Amount = MicroUsd.Zero - amount });
            owed -= amount;
        }
        lines.AddRange(lease.Corrections);
        return lines;
    }

    internal static MicroUsd Sum(IEnumerable<StatementLine> lines) =>
        lines.Aggregate(MicroUsd.Zero, (sum, line) => sum + line.Amount);

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
