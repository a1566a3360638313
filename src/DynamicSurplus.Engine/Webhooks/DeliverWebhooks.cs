using DynamicSurplus.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Engine.Webhooks;

/// <summary>
/// Sends each webhook the events of its tenant's feed, in order, at least once. An event that fails is tried again
/// later and later, and in the end becomes a dead letter, so that it holds up nothing for ever.
/// </summary>
/// <param name="wall">Receivers are as slow as they are, whatever the engine's speed.</param>
public sealed partial class DeliverWebhooks(
    IWebhooks webhooks,
    IDeadLetters letters,
    IEventFeed feed,
    WebhookSender sender,
    WebhookSecrets secrets,
    TimeProvider wall,
    ILogger<DeliverWebhooks> logger
)
{
    /// <summary>At one event: the last comes some 45 minutes after the first.</summary>
    public const int MostTries = 10;

    /// <summary>Of one webhook. One more disables it: its receiver has been away for long.</summary>
    public const int MostDeadLetters = 1_000;

    /// <summary>Events of one turn.</summary>
    public const int MostOfTurn = 100;

    /// <summary>
    /// After the first failure; doubles with each one, to an hour at the most. The wait itself is at random, from half
    /// of that to all of it, so that those who failed together do not come back together.
    /// </summary>
    public static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);

    /// <summary>How long whoever sends may be silent before another takes it for dead: three time-outs.</summary>
    public static readonly TimeSpan OwnedFor = 3 * WebhookSender.TimeOut;

    private const int AtOnce = 32;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>Of one webhook's turn: a slow receiver holds up nobody else for longer.</summary>
    private static readonly TimeSpan TurnTime = TimeSpan.FromSeconds(20);

    /// <summary>A turn for each webhook that is due.</summary>
    /// <returns>Events sent and taken.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var taken = 0;
        await Parallel.ForEachAsync(
            await DueAsync(cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (webhook, token) => Interlocked.Add(ref taken, await RunAsync(webhook, token))
        );
        return taken;
    }

    /// <summary>Those that may be sent something now; whether there is anything for them is another matter.</summary>
    public async Task<IReadOnlyList<Versioned<Webhook>>> DueAsync(CancellationToken cancellationToken)
    {
        var all = await webhooks.ListAsync(tenant: null, cancellationToken);
        return [.. all.Where(stored => IsDue(stored.Value.Progress))];
    }

    /// <summary>One webhook's turn. A failure is logged, and is the next turn's.</summary>
    /// <returns>Events sent and taken.</returns>
    public async Task<int> RunAsync(Versioned<Webhook> webhook, CancellationToken cancellationToken)
    {
        var turn = new WebhookTurn(webhook, webhooks, letters, feed, sender, wall, wall.GetUtcNow() + TurnTime);
        try
        {
            return string.Equals(webhook.Value.KeyCheck, secrets.KeyCheck, StringComparison.Ordinal)
                ? await turn.RunAsync(cancellationToken)
                : await turn.DisableAsync(
                    "the installation's key has changed: delete it and make it anew",
                    cancellationToken
                );
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            TurnFailed(webhook.Value.Id, failure);
            return turn.Taken;
        }
    }

    /// <param name="failures">So far, 1 or more.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan Delay(int failures, double random)
    {
        var whole = Math.Min(FirstDelay.TotalSeconds * Math.Pow(2, failures - 1), LongestDelay.TotalSeconds);
        return TimeSpan.FromSeconds(whole * (0.5 + (random / 2)));
    }

    private bool IsDue(WebhookProgress progress)
    {
        var now = wall.GetUtcNow();
        return progress.DisabledBecause is null
            && (progress.NextTryAt is null || progress.NextTryAt <= now)
            && (progress.OwnedUntil is null || progress.OwnedUntil <= now);
    }

    [LoggerMessage(LogLevel.Warning, "Webhook {Webhook}: its turn failed; the next one goes on.")]
    private partial void TurnFailed(WebhookId webhook, Exception failure);
}
