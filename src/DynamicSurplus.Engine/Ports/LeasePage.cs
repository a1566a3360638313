namespace DynamicSurplus.Engine.Ports;

/// <param name="Next">Cursor of the next page; null: this was the last.</param>
public sealed record LeasePage(IReadOnlyList<LeaseView> Leases, string? Next);
