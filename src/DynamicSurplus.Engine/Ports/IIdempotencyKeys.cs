using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>First answers to POST requests by tenant and key, for 24 hours.</summary>
public interface IIdempotencyKeys
{
    /// <summary>
    /// Claims the key for a request: inserts it in flight, or says what is there. An in-flight claim older than
    /// <paramref name="inFlightLife"/>, and an answer older than 24 hours, are taken over,
    /// whatever their body was.
    /// </summary>
    /// <param name="bodyHash">Of method, path and body: another body under the same key is a mismatch.</param>
    /// <returns>The claim as it stood before; null: it is the caller's now.</returns>
    Task<IdempotencyClaim?> TryClaimAsync(
        TenantId tenant,
        string key,
        string bodyHash,
        DateTimeOffset now,
        TimeSpan inFlightLife,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Stores the answer to the caller's claim. Nothing happens where the claim is gone, of another body, or answered:
    /// the first answer stays.
    /// </summary>
    /// <exception cref="ArgumentException">The body is larger than <see cref="StoredAnswer.MaxBodyBytes"/>.</exception>
    Task CompleteAsync(
        TenantId tenant,
        string key,
        string bodyHash,
        StoredAnswer answer,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>Gives the claim up, so that a retry runs; for failures that are not answers. An answer stays.</summary>
    Task AbandonAsync(TenantId tenant, string key, CancellationToken cancellationToken);
}
