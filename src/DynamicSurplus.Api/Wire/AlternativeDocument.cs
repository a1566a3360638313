using DynamicSurplus.Leasing;

namespace DynamicSurplus.Api.Wire;

/// <summary>What could be had instead: of the same tier and class of work.</summary>
public sealed record AlternativeDocument(
    string Fleet,
    string Sku,
    string Region,
    int Gpus,
    Money RatePerGpuHour,
    long TermMinSeconds,
    long TermMaxSeconds
)
{
    public static AlternativeDocument Of(MatchAlternative alternative) =>
        new(
            alternative.Fleet.ToString(),
            alternative.Sku,
            alternative.Region,
            alternative.Gpus,
            Money.PerGpuHour(alternative.Rate),
            (long)alternative.Terms.Least.TotalSeconds,
            (long)alternative.Terms.Most.TotalSeconds
        );
}
