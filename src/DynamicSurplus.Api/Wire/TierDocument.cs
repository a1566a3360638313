namespace DynamicSurplus.Api.Wire;

/// <param name="Rate">Posted; a decimal string in the unit beside it.</param>
/// <param name="SliceGpus">
/// Whole GPUs that the tier may use, what is leased now included; spot may use the firm tier's too.
/// </param>
public sealed record TierDocument(string Rate, int SliceGpus);
