namespace DynamicSurplus.Fleets;

/// <summary>Where power, not silicon, is short: capacity is at most <c>budgetWatts / wattsPerGpu</c>.</summary>
/// <param name="BudgetWatts">What the fleet's GPUs may draw together, above 0.</param>
/// <param name="WattsPerGpu">
/// What one running GPU draws, above 0; a sample that states its own watts replaces it.
/// </param>
public sealed record PowerBudget(double BudgetWatts, double WattsPerGpu);
