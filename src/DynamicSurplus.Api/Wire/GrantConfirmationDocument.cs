namespace DynamicSurplus.Api.Wire;

/// <summary>What an owner's controller says after it had said "later".</summary>
/// <param name="Granted">The machines are the customer's now, or will not be.</param>
/// <param name="Detail">Why not, at most 500 characters; the customer reads it.</param>
public sealed record GrantConfirmationDocument(bool? Granted = null, string? Detail = null);
