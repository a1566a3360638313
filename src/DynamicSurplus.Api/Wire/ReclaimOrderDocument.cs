namespace DynamicSurplus.Api.Wire;

/// <param name="Gpus">To take back.</param>
/// <param name="PlanToken">Of the plan that a dry run showed; not in a dry run.</param>
public sealed record ReclaimOrderDocument(double? Gpus = null, string? PlanToken = null);
