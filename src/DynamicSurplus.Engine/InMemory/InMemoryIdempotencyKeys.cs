using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryIdempotencyKeys : IIdempotencyKeys
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);
    private readonly Lock _gate = new();
    private readonly Dictionary<(TenantId, string), Entry> _entries = [];

    /// <summary>Every write in order of arrival, so that what nobody asks for again is let go after its day.</summary>
    private readonly Queue<((TenantId, string) Key, Entry Entry)> _written = new();

    /// <summary>Keys that are kept now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    public Task<IdempotencyClaim?> TryClaimAsync(
        TenantId tenant,
        string key,
        string bodyHash,
        DateTimeOffset now,
        TimeSpan inFlightLife,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            LetGo(now);
            if (
                _entries.TryGetValue((tenant, key), out var entry)
                && now - entry.At <= (entry.Answer is null ? inFlightLife : Life)
            )
            {
                return Task.FromResult<IdempotencyClaim?>(new(entry.BodyHash, Copy(entry.Answer)));
            }
            Write((tenant, key), new(bodyHash, null, now));
            return Task.FromResult<IdempotencyClaim?>(null);
        }
    }

    public Task CompleteAsync(
        TenantId tenant,
        string key,
        string bodyHash,
        StoredAnswer answer,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (answer.Body.Length > StoredAnswer.MaxBodyBytes)
        {
            throw new ArgumentException(
                $"An answer of {answer.Body.Length} bytes is above {StoredAnswer.MaxBodyBytes}.",
                nameof(answer)
            );
        }
        lock (_gate)
        {
            if (
                _entries.TryGetValue((tenant, key), out var entry)
                && entry.Answer is null
                && string.Equals(entry.BodyHash, bodyHash, StringComparison.Ordinal)
            )
            {
                Write((tenant, key), new(bodyHash, Copy(answer), now));
            }
        }
        return Task.CompletedTask;
    }

    public Task AbandonAsync(TenantId tenant, string key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue((tenant, key), out var entry) && entry.Answer is null)
            {
                _entries.Remove((tenant, key));
            }
        }
        return Task.CompletedTask;
    }

    private static StoredAnswer? Copy(StoredAnswer? answer) =>
        answer is null ? null : answer with { Body = answer.Body.ToArray() };

    private void Write((TenantId, string) key, Entry entry)
    {
        _entries[key] = entry;
        _written.Enqueue((key, entry));
    }

    private void LetGo(DateTimeOffset now)
    {
        while (_written.TryPeek(out var oldest) && now - oldest.Entry.At > Life)
        {
            _written.Dequeue();
            if (ReferenceEquals(_entries.GetValueOrDefault(oldest.Key), oldest.Entry))
            {
                _entries.Remove(oldest.Key);
            }
        }
    }

    private sealed record Entry(string BodyHash, StoredAnswer? Answer, DateTimeOffset At);
}
