namespace DynamicSurplus.Api.Wire;

/// <summary>What a customer owes for leases that are settled.</summary>
public sealed record OwedDocument(string Tenant, Money Amount);
