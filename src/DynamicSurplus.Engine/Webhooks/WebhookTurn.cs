using System.Security.Cryptography;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;

namespace DynamicSurplus.Engine.Webhooks;

/// <summary>
/// One webhook's turn: claims it, sends what is there, and keeps after each event how far it came. Two processes may
/// try at once; one of them gets the turn.
/// </summary>
/// <param name="until">Nothing new is sent after it.</param>
internal sealed class WebhookTurn(
    Versioned<Webhook> listed,
    IWebhooks webhooks,
    IDeadLetters letters,
    IEventFeed feed,
    WebhookSender sender,
    TimeProvider wall,
    DateTimeOffset until
)
{
    private const int SaveTries = 8;
    private readonly string _owner = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private Versioned<Webhook> _current = listed;

    /// <summary>Events that the receiver has taken.</summary>
    public int Taken { get; private set; }

    private Webhook Webhook => _current.Value;

    private WebhookProgress Progress => Webhook.Progress;

    private bool IsOver => wall.GetUtcNow() >= until;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // What there is to do is known before it is claimed: a webhook at rest costs one read, and no write.
        var entries = await feed.ReadAsync(
            Webhook.Tenant,
            Progress.Cursor,
            DeliverWebhooks.MostOfTurn,
            cancellationToken
        );
        if ((entries.Count == 0 && Progress.ReplayUpTo is null) || !await ClaimAsync(cancellationToken))
        {
            return Taken;
        }
        if (await ReplayAsync(cancellationToken) && await SendAsync(entries, cancellationToken))
        {
            await SaveAsync(static progress => progress, cancellationToken, isLast: true);
        }
        return Taken;
    }

    public async Task<int> DisableAsync(string because, CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken))
        {
            await SaveAsync(progress => progress with { DisabledBecause = because }, cancellationToken, isLast: true);
        }
        return Taken;
    }

    /// <returns>False: another has it, or it has changed since it was listed.</returns>
    private async Task<bool> ClaimAsync(CancellationToken cancellationToken)
    {
        var claimed = Webhook with
        {
            Progress = Progress with { Owner = _owner, OwnedUntil = wall.GetUtcNow() + DeliverWebhooks.OwnedFor },
        };
        if (await webhooks.TryReplaceAsync(claimed, _current.Version, cancellationToken) is not { } version)
        {
            return false;
        }
        _current = new(claimed, version);
        return true;
    }

    /// <summary>Sends dead letters again, as was asked; the first that fails again ends it.</summary>
    /// <returns>False: the turn is over.</returns>
    private async Task<bool> ReplayAsync(CancellationToken cancellationToken)
    {
        while (Progress.ReplayUpTo is { } last && !IsOver)
        {
            var page = await letters.ListAsync(Webhook.Tenant, Webhook.Id, Progress.ReplayAfter, 1, cancellationToken);
            if (page is not [var letter] || letter.Sequence > last)
            {
                return await SaveAsync(EndReplay, cancellationToken);
            }
            var answer = await sender.SendAsync(Webhook, letter.Entry.Event, cancellationToken);
            if (!answer.IsTaken)
            {
                var again = letter with { Tries = letter.Tries + 1, Failure = answer.Failure!, At = wall.GetUtcNow() };
                await PutAsync(again, cancellationToken);
                if (answer.IsGone)
                {
                    return await EndAsync(progress => Gone(EndReplay(progress)), cancellationToken);
                }
                return await SaveAsync(
                    progress => EndReplay(progress) with { LastFailure = answer.Failure },
                    cancellationToken
                );
            }
            Taken++;
            await letters.RemoveAsync(Webhook.Tenant, Webhook.Id, letter.Sequence, cancellationToken);
            if (!await SaveAsync(p => Delivered(p) with { ReplayAfter = letter.Sequence }, cancellationToken))
            {
                return false;
            }
        }
        return true;
    }

    /// <returns>False: the turn is over.</returns>
    private async Task<bool> SendAsync(IReadOnlyList<FeedEntry> entries, CancellationToken cancellationToken)
    {
        var skipped = 0L;
        foreach (var entry in entries)
        {
            if (!Webhook.Types.Matches(entry.Event.Type))
            {
                skipped = entry.Sequence;
                continue;
            }
            if (IsOver)
            {
                break;
            }
            var answer = await sender.SendAsync(Webhook, entry.Event, cancellationToken);
            if (!await ConcludeAsync(entry, answer, cancellationToken))
            {
                return false;
            }
        }
        return skipped <= Progress.Cursor || await SaveAsync(progress => Past(progress, skipped), cancellationToken);
    }

    /// <returns>False: the turn is over.</returns>
    private async Task<bool> ConcludeAsync(FeedEntry entry, WebhookAnswer answer, CancellationToken cancellationToken)
    {
        var failures = Progress.Failures + 1;
        if (answer.IsTaken)
        {
            Taken++;
            return await SaveAsync(progress => Past(Delivered(progress), entry.Sequence), cancellationToken);
        }
        if (answer.IsGone)
        {
            return await EndAsync(Gone, cancellationToken);
        }
        if (failures < DeliverWebhooks.MostTries)
        {
            var next =
                wall.GetUtcNow() + DeliverWebhooks.Delay(failures, RandomNumberGenerator.GetInt32(1_001) / 1_000d);
            return await EndAsync(
                p => p with { Failures = failures, NextTryAt = next, LastFailure = answer.Failure },
                cancellationToken
            );
        }
        var letter = new DeadLetter(entry, failures, answer.Failure!, wall.GetUtcNow());
        return await PutAsync(letter, cancellationToken)
            ? await SaveAsync(p => Past(p, entry.Sequence) with { LastFailure = answer.Failure }, cancellationToken)
            : await EndAsync(
                p => p with { DisabledBecause = $"{DeliverWebhooks.MostDeadLetters} dead letters wait for a replay" },
                cancellationToken
            );
    }

    private Task<bool> PutAsync(DeadLetter letter, CancellationToken cancellationToken) =>
        letters.TryPutAsync(Webhook.Tenant, Webhook.Id, letter, DeliverWebhooks.MostDeadLetters, cancellationToken);

    private static WebhookProgress Past(WebhookProgress progress, long sequence) =>
        progress with
        {
            Cursor = sequence,
            Failures = 0,
            NextTryAt = null,
        };

    private WebhookProgress Delivered(WebhookProgress progress) =>
        progress with
        {
            LastFailure = null,
            DeliveredAt = wall.GetUtcNow(),
        };

    private static WebhookProgress Gone(WebhookProgress progress) =>
        progress with
        {
            DisabledBecause = "the receiver answered 410 (gone)",
        };

    private static WebhookProgress EndReplay(WebhookProgress progress) =>
        progress with
        {
            ReplayAfter = 0,
            ReplayUpTo = null,
        };

    private async Task<bool> EndAsync(
        Func<WebhookProgress, WebhookProgress> change,
        CancellationToken cancellationToken
    )
    {
        await SaveAsync(change, cancellationToken, isLast: true);
        return false;
    }

    /// <summary>
    /// Where the webhook has changed beside the turn, as by a request to replay, the change is made to what it is now.
    /// </summary>
    /// <returns>False: it is gone, or another's.</returns>
    private async Task<bool> SaveAsync(
        Func<WebhookProgress, WebhookProgress> change,
        CancellationToken cancellationToken,
        bool isLast = false
    )
    {
        for (var attempt = 1; attempt <= SaveTries; attempt++)
        {
            var changed = Webhook with
            {
                Progress = change(Progress) with
                {
                    Owner = isLast ? null : _owner,
                    OwnedUntil = isLast ? null : wall.GetUtcNow() + DeliverWebhooks.OwnedFor,
                },
            };
            if (await webhooks.TryReplaceAsync(changed, _current.Version, cancellationToken) is { } version)
            {
                _current = new(changed, version);
                return true;
            }
            var stored = await webhooks.FindAsync(Webhook.Tenant, Webhook.Id, cancellationToken);
            if (stored is null || !string.Equals(stored.Value.Progress.Owner, _owner, StringComparison.Ordinal))
            {
                return false;
            }
            _current = stored;
        }
        throw new ContendedException($"Webhook {Webhook.Id} changed at each of {SaveTries} tries; try again.");
    }
}
