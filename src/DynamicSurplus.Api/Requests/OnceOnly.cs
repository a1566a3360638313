using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Api.Requests;

/// <summary>Answers a request once, however often it comes: the first answer is kept and given again.</summary>
public sealed class OnceOnly(IIdempotencyKeys keys, EngineClock clock, EngineOptions options)
{
    public const string ReplayedHeader = "Idempotent-Replayed";

    private const int FirstServerError = 500;
    private const int TooManyRequests = 429;

    /// <summary>Wall time to give a claim up in, once the request itself is lost.</summary>
    private static readonly TimeSpan AbandonTime = TimeSpan.FromSeconds(5);

    /// <param name="answer">
    /// Runs at most once at a time for the key. Its failures are not answers, and neither is "come again later": a
    /// retry runs it again.
    /// </param>
    public async Task<ApiAnswer> RunAsync(ApiCall call, Func<Task<ApiAnswer>> answer)
    {
        var key = call.Key ?? throw new ArgumentException("The route asks for no key.", nameof(call));
        var earlier = await keys.TryClaimAsync(
            call.Tenant,
            key.Value,
            key.Hash,
            clock.UtcNow,
            options.RequestLife,
            call.CancellationToken
        );
        return earlier is null ? await RunClaimedAsync(call, key, answer) : Repeat(earlier, key);
    }

    private static ApiAnswer Repeat(IdempotencyClaim earlier, RequestKey key) =>
        earlier switch
        {
            _ when !string.Equals(earlier.BodyHash, key.Hash, StringComparison.Ordinal) => ProblemDocument.Answer(
                Problem.With(
                    ProblemKinds.KeyReused,
                    RequestKey.Header,
                    "was used for a request with another address or body",
                    "use a new key for a new request"
                )
            ),
            { Answer: { } first } => new(first.Status, first.ContentType, first.Body)
            {
                Location = first.Location,
                MoreHeaders = [new(ReplayedHeader, "true")],
            },
            _ => ProblemDocument.Answer(
                new(ProblemKinds.KeyInFlight, "Try again in a second: the answer will be the first one's.")
                {
                    RetryAfterSeconds = 1,
                }
            ),
        };

    private async Task<ApiAnswer> RunClaimedAsync(ApiCall call, RequestKey key, Func<Task<ApiAnswer>> answer)
    {
        var isKept = false;
        try
        {
            var first = await answer();
            if (first.Status is < FirstServerError and not TooManyRequests)
            {
                var stored = new StoredAnswer(first.Status, first.ContentType, first.Location, first.Body);
                await keys.CompleteAsync(
                    call.Tenant,
                    key.Value,
                    key.Hash,
                    stored,
                    clock.UtcNow,
                    call.CancellationToken
                );
                isKept = true;
            }
            return first;
        }
        finally
        {
            if (!isKept)
            {
                using var time = new CancellationTokenSource(AbandonTime);
                await keys.AbandonAsync(call.Tenant, key.Value, time.Token);
            }
        }
    }
}
