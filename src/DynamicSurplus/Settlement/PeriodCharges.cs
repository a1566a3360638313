using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>Splits a lease's statement by billing periods, whose parts make up the whole, exactly.</summary>
/// <remarks>
/// <para>
/// Usage: the billed seconds of a lease are counted from the instant at which its machines were handed over, cut to a
/// whole second; each belongs to the month in which it begins. A part's amount is the line's rounded amount up to the
/// part's end less the one up to its start: amounts round cumulatively, so that no part is off by more than a
/// micro-dollar, a month that is over never changes, and all parts add up to the line.
/// </para>
/// <para>
/// Credits: of the month in which they are made, as far as the lease has cost as much by the month's end; what is left
/// is of the months whose usage it is deducted from. Corrections: of the month in which they are made.
/// </para>
/// </remarks>
public static class PeriodCharges
{
    /// <returns>Usage in the order of time, then credits, then corrections.</returns>
    /// <param name="statement">Of the lease.</param>
    public static IReadOnlyList<Charge> Of(Lease lease, LeaseStatement statement, BillingPeriod period)
    {
        if (lease.Terms is not { } terms)
        {
            return [];
        }
        var usage = MeteredLine.Of(statement);
        return
        [
            .. Usage(lease.Id, terms, usage, period),
            .. Credits(lease, terms, usage, period),
            .. Corrections(lease, terms, period),
        ];
    }

    private static IEnumerable<Charge> Usage(
        LeaseId lease,
        LeaseTerms terms,
        IReadOnlyList<MeteredLine> usage,
        BillingPeriod period
    )
    {
        foreach (var metered in usage)
        {
            var (first, last) = (metered.SecondsTo(period.Start), metered.SecondsTo(period.End));
            if (last > first)
            {
                yield return new(
                    lease,
                    terms,
                    StatementLineKind.Usage,
                    metered.Line.Rate,
                    metered.Line.Gpus,
                    metered.Start.AddSeconds(first),
                    metered.Start.AddSeconds(last),
                    last - first,
                    metered.Cost(last) - metered.Cost(first)
                );
            }
        }
    }

    private static IEnumerable<Charge> Credits(
        Lease lease,
        LeaseTerms terms,
        IReadOnlyList<MeteredLine> usage,
        BillingPeriod period
    )
    {
        var (before, after) = (CreditsUpTo(period.Start), CreditsUpTo(period.End));
        for (var i = 0; i < lease.Credits.Count; i++)
        {
            if (before[i] < after[i])
            {
                var credit = lease.Credits[i];
                var from = credit.From < period.Start ? period.Start : MeteredLine.WholeSecond(credit.From);
                yield return new(
                    lease.Id,
                    terms,
                    StatementLineKind.Credit,
                    credit.Rate,
                    credit.Gpus,
                    from,
                    from.AddSeconds(1),
                    credit.Seconds,
                    before[i] - after[i],
                    credit.Detail
                );
            }
        }

        // What was made by then of each, in their order, out of what the lease had cost by then.
        MicroUsd[] CreditsUpTo(DateTimeOffset end)
        {
            var left = usage.Aggregate(MicroUsd.Zero, (sum, line) => sum + line.Cost(line.SecondsTo(end)));
            var given = new MicroUsd[lease.Credits.Count];
            for (var i = 0; i < given.Length && lease.Credits[i].From < end; i++)
            {
                given[i] = lease.Credits[i].Amount > left ? left : lease.Credits[i].Amount;
                left -= given[i];
            }
            return given;
        }
    }

    private static IEnumerable<Charge> Corrections(Lease lease, LeaseTerms terms, BillingPeriod period)
    {
        foreach (var correction in lease.Corrections.Where(line => period.Contains(line.From)))
        {
            var from = MeteredLine.WholeSecond(correction.From);
            yield return new(
                lease.Id,
                terms,
                StatementLineKind.Correction,
                correction.Rate,
                correction.Gpus,
                from,
                from.AddSeconds(1),
                correction.Seconds,
                correction.Amount,
                correction.Detail,
                CorrectsPast: lease.EndedAt < period.Start
            );
        }
    }
}
