using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryAuditLog : IAuditLog
{
    private readonly Lock _gate = new();
    private readonly SortedList<AuditId, AuditEntry> _entries = [];

    public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _entries.TryAdd(entry.Id, entry);
        }
        return Task.CompletedTask;
    }

    public Task<AuditPage> ListAsync(
        DateTimeOffset from,
        DateTimeOffset? to,
        AuditId? after,
        int most,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, 1_000);
        lock (_gate)
        {
            var found = _entries
                .Values.Where(entry => entry.At >= from && (to is null || entry.At < to))
                .Where(entry => after is null || entry.Id > after)
                .Take(most + 1)
                .ToList();
            var page = found.Take(most).ToList();
            return Task.FromResult(new AuditPage(page, found.Count > most ? page[^1].Id : null));
        }
    }
}
