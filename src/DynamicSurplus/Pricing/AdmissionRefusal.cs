namespace DynamicSurplus.Pricing;

/// <summary>Why GPUs are not held.</summary>
/// <param name="Limit">The first limit that the request passes.</param>
/// <param name="FittingGpus">The most that all limits let through now, 0 or more.</param>
public sealed record AdmissionRefusal(AdmissionLimit Limit, int FittingGpus);
