using DynamicSurplus.Leasing;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Api.Wire;

/// <summary>A line of a customer's monthly statement.</summary>
/// <param name="From">
/// A whole second within the month: where usage began in it, or a credit or correction was made.
/// </param>
/// <param name="To">Exclusive.</param>
/// <param name="Seconds">Billed; of a credit: those that it pays back, in whatever month.</param>
/// <param name="Amount">Below 0 where the customer owes less.</param>
public sealed record ChargeDocument(
    string Lease,
    string Fleet,
    LeaseTier Tier,
    StatementLineKind Kind,
    Money RatePerGpuHour,
    int Gpus,
    DateTimeOffset From,
    DateTimeOffset To,
    long Seconds,
    Money Amount,
    string? Detail
)
{
    public static ChargeDocument Of(Charge charge) =>
        new(
            charge.Lease.ToString(),
            charge.Terms.Fleet.ToString(),
            charge.Terms.Tier,
            charge.Kind,
            Money.PerGpuHour(charge.Rate),
            charge.Gpus,
            charge.From,
            charge.To,
            charge.Seconds,
            Money.Total(charge.Amount),
            charge.Detail
        );
}
