using DynamicSurplus.Local.Simulation;

namespace DynamicSurplus.Local.Serving;

/// <summary>Which simulated customers there are.</summary>
/// <param name="Keys">Their API keys.</param>
/// <param name="Address">Of the API, once it serves.</param>
internal sealed record MarketOptions(MarketLoad Load, long Seed, IReadOnlyList<string> Keys, Task<Uri> Address);
