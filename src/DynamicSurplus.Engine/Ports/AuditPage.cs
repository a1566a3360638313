namespace DynamicSurplus.Engine.Ports;

/// <param name="Next">Of the page's last entry, to go on behind; null: this was the last page.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, AuditId? Next);
