using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Api.Wire;

/// <summary>What a customer asks for: GPUs of one fleet, named or described.</summary>
/// <param name="QuoteId">The quote to accept, alone; only where leases are made.</param>
/// <param name="Tier">Default spot.</param>
/// <param name="MaxRate">USD per GPU-hour; left out: no bound.</param>
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
    decimal? MaxRate = null
);
