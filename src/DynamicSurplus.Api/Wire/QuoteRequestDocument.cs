using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Api.Wire;

/// <summary>What a customer asks for: GPUs of one fleet, named or described.</summary>
/// <param name="QuoteId">The quote to accept, alone; only where leases are made.</param>
/// <param name="Tier">Default spot.</param>
/// <param name="MaxRate">USD per GPU-hour; left out: no bound.</param>
/// <param name="NoticeSeconds">30, 120 or 600, at its factor of the rate; left out: the fleet's own.</param>
/// <param name="MinGpus">Fewest that a spot lease can go on with; left out: it is taken back whole.</param>
/// <param name="SpendCap">USD for the whole lease, which ends before it costs more; left out: no cap.</param>
/// <param name="AutoRenew">Default false.</param>
public sealed record QuoteRequestDocument(
    string? QuoteId = null,
    string? Fleet = null,
    string? Sku = null,
    string? Region = null,
    string? Residency = null,
    string? Interconnect = null,
    string? Orchestration = null,
    WorkloadClass? WorkloadClass = null,
    LeaseTier? Tier = null,
    double? Gpus = null,
    double? TermSeconds = null,
    decimal? MaxRate = null,
    double? NoticeSeconds = null,
    double? MinGpus = null,
    decimal? SpendCap = null,
    bool? AutoRenew = null
);
