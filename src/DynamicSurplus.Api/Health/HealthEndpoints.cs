using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Api.Health;

/// <summary>For those who watch the process. Numbers only: everybody may read them.</summary>
public sealed partial class HealthEndpoints(RateBooks rates, ILogger<HealthEndpoints> logger)
{
    private const int RetryAfterSeconds = 5;

    public static Task<ApiAnswer> LiveAsync() =>
        Task.FromResult(ApiAnswer.Of(200, new HealthDocument("live"), ApiJson.Shared.HealthDocument));

    /// <summary>200 where the rate books can be read, 503 where they cannot.</summary>
    public async Task<ApiAnswer> ReadyAsync(ApiCall call)
    {
        try
        {
            var books = await rates.AllAsync(call.CancellationToken);
            var stale = books.Sum(book => book.Columns.Stale.Count(isStale => isStale));
            var tick = books.Max(book => book.Tick);
            return ApiAnswer.Of(
                200,
                new HealthDocument(
                    stale == 0 ? "ready" : "degraded",
                    tick == Tick.None ? null : tick.Start,
                    books.Sum(book => book.Index.Count),
                    stale
                ),
                ApiJson.Shared.HealthDocument
            );
        }
        catch (Exception unreadable) when (!call.CancellationToken.IsCancellationRequested)
        {
            NotReady(unreadable);
            return ProblemDocument.Answer(
                new(ProblemKinds.NotReady, "The rate books cannot be read.") { RetryAfterSeconds = RetryAfterSeconds }
            );
        }
    }

    [LoggerMessage(LogLevel.Warning, "Not ready: the rate books cannot be read")]
    private partial void NotReady(Exception unreadable);
}
