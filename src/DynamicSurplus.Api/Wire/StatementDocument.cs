using DynamicSurplus.Settlement;

namespace DynamicSurplus.Api.Wire;

/// <summary>What a lease owes, and why.</summary>
public sealed record StatementDocument(
    string Lease,
    string Tenant,
    string Fleet,
    StatementState State,
    DateTimeOffset AsOf,
    IReadOnlyList<StatementLineDocument> Lines,
    Money Total
);
