using DynamicSurplus.Leasing;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>An offer and the line of the rate book that it was made of.</summary>
public readonly record struct PricedOffer(FleetOffer Offer, RateEntry Entry);
