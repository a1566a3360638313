namespace DynamicSurplus.Api.Wire;

/// <summary>Usage that was heard of after a lease was settled.</summary>
/// <param name="CorrectionId">The same id is the same correction.</param>
/// <param name="GpuSeconds">Below 0: less was used than billed.</param>
/// <param name="Detail">Why, for the customer.</param>
public sealed record CorrectionDocument(string? CorrectionId = null, double? GpuSeconds = null, string? Detail = null);
