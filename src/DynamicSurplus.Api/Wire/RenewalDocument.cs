namespace DynamicSurplus.Api.Wire;

/// <param name="TermSeconds">Left out: as long as the lease's first term.</param>
public sealed record RenewalDocument(double? TermSeconds = null);
