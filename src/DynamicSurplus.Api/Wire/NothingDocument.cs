namespace DynamicSurplus.Api.Wire;

/// <summary>A body that has nothing to say: <c>{}</c>.</summary>
public sealed record NothingDocument;
