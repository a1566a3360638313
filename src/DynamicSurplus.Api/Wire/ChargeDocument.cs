using DynamicSurplus.Leasing;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Api.Wire;

/// <summary>A line of a customer's monthly statement.</summary>
/// <param name="RatePerGpuHour">Missing for a credit, as are GPUs and seconds.</param>
/// <param name="From">In whole seconds, within the month; when it was made, for a credit or a correction.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Amount">Below 0 for a credit.</param>
public sealed record ChargeDocument(
    string Lease,
    string Fleet,
    LeaseTier Tier,
    StatementLineKind Kind,
    Money? RatePerGpuHour,
    int? Gpus,
    DateTimeOffset From,
    DateTimeOffset To,
    long? Seconds,
    Money Amount,
    string? Detail
)
{
    public static ChargeDocument Of(Charge charge)
    {
        var isMetered = charge.Kind != StatementLineKind.Credit;
        return new(
            charge.Lease.ToString(),
            charge.Terms.Fleet.ToString(),
            charge.Terms.Tier,
            charge.Kind,
            isMetered ? Money.PerGpuHour(charge.Rate) : null,
            isMetered ? charge.Gpus : null,
            charge.From,
            charge.To,
            isMetered ? charge.Seconds : null,
            Money.Total(charge.Amount),
            charge.Detail
        );
    }
}
