using DynamicSurplus.Settlement;

namespace DynamicSurplus.Api.Wire;

/// <param name="Name">Of the tenant, fleet or team.</param>
/// <param name="Balance">Debits less credits.</param>
public sealed record LedgerAccountDocument(
    LedgerAccountKind Kind,
    string Name,
    Money Debits,
    Money Credits,
    Money Balance
);
