namespace DynamicSurplus.Api.Wire;

/// <summary>Both watts are needed.</summary>
public sealed record PowerDocument(double? BudgetWatts = null, double? WattsPerGpu = null);
