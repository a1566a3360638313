using Azure.Data.Tables;

namespace DynamicSurplus.Cloud.Tables;

/// <param name="Entity">Its keys alone where it cannot be read.</param>
/// <param name="Unreadable">Why; null: it was read.</param>
internal sealed record ScannedRow(TableEntity Entity, string? Unreadable = null);
