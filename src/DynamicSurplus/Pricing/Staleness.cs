namespace DynamicSurplus.Pricing;

/// <summary>Ages of the newest sample that matter.</summary>
/// <param name="FreezeAfter">Past it rate and demand estimate stand still, and risk is not scored. 3 ticks.</param>
/// <param name="RefuseAfter">Past it no new lease is made. 10 ticks.</param>
public readonly record struct Staleness(TimeSpan FreezeAfter, TimeSpan RefuseAfter);
