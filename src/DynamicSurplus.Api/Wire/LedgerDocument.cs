namespace DynamicSurplus.Api.Wire;

/// <summary>The owner's ledger of a month, in double entry.</summary>
/// <param name="Provisional">The month still runs.</param>
/// <param name="Balance">Debits less credits of all accounts: always 0.</param>
/// <param name="Next">Cursor of the next page of leases, whose postings add to these; missing on the last.</param>
public sealed record LedgerDocument(
    string Period,
    DateTimeOffset From,
    DateTimeOffset To,
    bool Provisional,
    DateTimeOffset AsOf,
    IReadOnlyList<LedgerAccountDocument> Accounts,
    Money Debits,
    Money Credits,
    Money Balance,
    string? Next
);
