using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Focus;

/// <summary>A charge to be exported, with what its fleet is.</summary>
/// <param name="Sku">Such as <c>H100</c>.</param>
/// <param name="Region">Null where the fleet is no more, and its leases did not say.</param>
public sealed record FocusLine(Charge Charge, BillingPeriod Period, string Sku, string? Region);
