using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>Splits a lease's statement by billing periods, whose parts make up the whole, exactly.</summary>
public static class PeriodCharges
{
    /// <summary>
    /// The part of a statement that falls within the period: usage by the second, credits and corrections when made.
    /// </summary>
    /// <remarks>
    /// The billed seconds of a line are counted from its start, cut to a whole second; each belongs to the month in
    /// which it begins. A part's amount is the line's rounded amount up to the part's end less the one up to its start:
    /// amounts round cumulatively, so that no part is off by more than a micro-dollar, a month that is over never
    /// changes, and all parts add up to the line.
    /// </remarks>
    /// <param name="lease">That was held.</param>
    public static IReadOnlyList<Charge> Of(Lease lease, LeaseStatement statement, BillingPeriod period)
    {
        if (lease.Terms is not { } terms)
        {
            return [];
        }
        var charges = new List<Charge>();
        foreach (var line in statement.Lines)
        {
            var charge =
                line.Kind == StatementLineKind.Usage
                    ? Usage(lease.Id, terms, line, period)
                    : Dated(lease, terms, line, period);
            if (charge is not null)
            {
                charges.Add(charge);
            }
        }
        return charges;
    }

    /// <returns>Null where nothing of it lies in the period.</returns>
    private static Charge? Usage(LeaseId lease, LeaseTerms terms, StatementLine line, BillingPeriod period)
    {
        var start = WholeSecond(line.From);
        var first = Math.Clamp(SecondsTo(period.Start), 0, line.Seconds);
        var last = Math.Clamp(SecondsTo(period.End), 0, line.Seconds);
        return last <= first
            ? null
            : new(
                lease,
                terms,
                line.Kind,
                line.Rate,
                line.Gpus,
                start.AddSeconds(first),
                start.AddSeconds(last),
                last - first,
                UpTo(last) - UpTo(first),
                line.Detail
            );

        long SecondsTo(DateTimeOffset instant) => (instant - start).Ticks / TimeSpan.TicksPerSecond;

        MicroUsd UpTo(long seconds) =>
            seconds == line.Seconds ? line.Amount : StatementAmount.Of([new(line.Rate, line.Gpus, seconds)]);
    }

    /// <returns>Null where it was made in another period.</returns>
    private static Charge? Dated(Lease lease, LeaseTerms terms, StatementLine line, BillingPeriod period)
    {
        var made = WholeSecond(line.To);
        return period.Contains(made)
            ? new(
                lease.Id,
                terms,
                line.Kind,
                line.Rate,
                line.Gpus,
                made,
                made.AddSeconds(1),
                line.Seconds,
                line.Amount,
                line.Detail,
                CorrectsPast: line.Kind == StatementLineKind.Correction && lease.EndedAt < period.Start
            )
            : null;
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
}
