using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Risk;

namespace DynamicSurplus.Api.Wire;

/// <summary>How likely a spot lease is to be reclaimed.</summary>
/// <param name="ProbabilityPerHour">[0, 1].</param>
/// <param name="ProbabilityForTerm">Within its whole term, [0, 1].</param>
/// <param name="Band">Of the probability within 60 ticks of the admission, in percent.</param>
public sealed record InterruptionDocument(double ProbabilityPerHour, double ProbabilityForTerm, string Band)
{
    private const int Digits = 6;

    public static InterruptionDocument? Of(LeaseTerms terms, TickLength tickLength)
    {
        if (terms.Tier == LeaseTier.Firm)
        {
            return null;
        }
        var horizon = terms.InterruptionProbability;
        return new(
            Within(TimeSpan.FromHours(1)),
            Within(terms.Term),
            Interruption.Band(horizon) switch
            {
                InterruptionBand.Below5Percent => "<5 %",
                InterruptionBand.From5To10Percent => "5-10 %",
                InterruptionBand.From10To15Percent => "10-15 %",
                InterruptionBand.From15To20Percent => "15-20 %",
                _ => ">20 %",
            }
        );

        double Within(TimeSpan time) => Math.Round(Interruption.PerTerm(horizon, time / tickLength.Span), Digits);
    }
}
