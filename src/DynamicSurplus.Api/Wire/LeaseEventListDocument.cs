namespace DynamicSurplus.Api.Wire;

/// <param name="Events">In order of version.</param>
public sealed record LeaseEventListDocument(string Lease, IReadOnlyList<LeaseEventDocument> Events);
