namespace DynamicSurplus.Leasing;

/// <summary>A command that was turned down.</summary>
/// <param name="Detail">In words for the one who asked; names no other tenant.</param>
public sealed record LeaseRefusal(LeaseRefusalCode Code, string Detail);
