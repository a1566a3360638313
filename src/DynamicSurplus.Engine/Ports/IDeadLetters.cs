using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>What webhooks could not deliver, in the feed's order, until it is replayed or removed.</summary>
public interface IDeadLetters
{
    /// <summary>Adds a letter, or writes it anew where its sequence is there.</summary>
    /// <param name="most">Of the webhook.</param>
    /// <returns>False: there are as many, and this is none of them.</returns>
    Task<bool> TryPutAsync(
        TenantId tenant,
        WebhookId webhook,
        DeadLetter letter,
        int most,
        CancellationToken cancellationToken
    );

    /// <param name="after">Sequence that the previous page ended with; 0: from the start.</param>
    /// <param name="most">1 to 1,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1 or above 1,000.</exception>
    Task<IReadOnlyList<DeadLetter>> ListAsync(
        TenantId tenant,
        WebhookId webhook,
        long after,
        int most,
        CancellationToken cancellationToken
    );

    /// <summary>One that is gone is no error.</summary>
    Task RemoveAsync(TenantId tenant, WebhookId webhook, long sequence, CancellationToken cancellationToken);

    /// <summary>Removes all of a webhook's.</summary>
    Task ClearAsync(TenantId tenant, WebhookId webhook, CancellationToken cancellationToken);
}
