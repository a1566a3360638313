namespace DynamicSurplus.Api.Wire;

/// <summary>What a customer owes for a month, and why.</summary>
/// <param name="Id">Also the invoice's, where charges are exported.</param>
/// <param name="Provisional">The month still runs: lines may be added, and the last ones grow.</param>
/// <param name="AsOf">Up to when running leases count.</param>
/// <param name="Credits">0 or below.</param>
/// <param name="Total">
/// Of the lines here: the month's, unless there is a <paramref name="Next"/> page or was one before. Below 0 where a
/// month's credits are for usage that another month billed.
/// </param>
/// <param name="Next">Cursor of the next page of leases; missing on the last.</param>
public sealed record CustomerStatementDocument(
    string Id,
    string Tenant,
    string Period,
    DateTimeOffset From,
    DateTimeOffset To,
    bool Provisional,
    DateTimeOffset AsOf,
    IReadOnlyList<ChargeDocument> Lines,
    Money Usage,
    Money Credits,
    Money Corrections,
    Money Total,
    string? Next
);
