using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryDeadLetters : IDeadLetters
{
    private const int LargestPage = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(TenantId, WebhookId), SortedDictionary<long, DeadLetter>> _letters = [];

    public Task<bool> TryPutAsync(
        TenantId tenant,
        WebhookId webhook,
        DeadLetter letter,
        int most,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            if (!_letters.TryGetValue((tenant, webhook), out var own))
            {
                own = [];
                _letters.Add((tenant, webhook), own);
            }
            if (own.Count >= most && !own.ContainsKey(letter.Sequence))
            {
                return Task.FromResult(false);
            }
            own[letter.Sequence] = letter;
            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<DeadLetter>> ListAsync(
        TenantId tenant,
        WebhookId webhook,
        long after,
        int most,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, LargestPage);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<DeadLetter>>(
                _letters.TryGetValue((tenant, webhook), out var own)
                    ? [.. own.Values.Where(letter => letter.Sequence > after).Take(most)]
                    : []
            );
        }
    }

    public Task RemoveAsync(TenantId tenant, WebhookId webhook, long sequence, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_letters.TryGetValue((tenant, webhook), out var own))
            {
                own.Remove(sequence);
            }
        }
        return Task.CompletedTask;
    }

    public Task ClearAsync(TenantId tenant, WebhookId webhook, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _letters.Remove((tenant, webhook));
        }
        return Task.CompletedTask;
    }
}
