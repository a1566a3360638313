using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Webhooks;

/// <summary>What a tenant may do about its webhooks.</summary>
/// <param name="wall">Webhooks live by the wall's clock.</param>
public sealed class ManageWebhooks(
    IWebhooks webhooks,
    IDeadLetters letters,
    IEventFeed feed,
    WebhookTargets targets,
    WebhookSecrets secrets,
    TimeProvider wall
)
{
    /// <summary>Of a tenant: each is a reader of its feed.</summary>
    public const int MostOfTenant = 10;

    private const int ReplayTries = 8;

    public bool CanSign => secrets.HasKey;

    /// <summary>It begins with what happens next.</summary>
    /// <exception cref="TargetRefusedException">No webhook may lead there.</exception>
    public async Task<WebhookMade> CreateAsync(
        TenantId tenant,
        Uri target,
        EventTypes types,
        CancellationToken cancellationToken
    )
    {
        await targets.RequireAsync(target, cancellationToken);
        var webhook = new Webhook(
            WebhookId.For(tenant, target),
            tenant,
            target,
            types,
            WebhookSecrets.NewSalt(),
            secrets.KeyCheck,
            wall.GetUtcNow(),
            new(await feed.LatestAsync(tenant, cancellationToken))
        );
        var addition = await webhooks.TryAddAsync(webhook, MostOfTenant, cancellationToken);
        return new(addition, webhook, addition == WebhookAddition.Added ? secrets.Of(webhook) : null);
    }

    /// <summary>Nothing is sent after it, but for what is on its way.</summary>
    /// <returns>False where there was none.</returns>
    public async Task<bool> DeleteAsync(TenantId tenant, WebhookId id, CancellationToken cancellationToken)
    {
        var was = await webhooks.DeleteAsync(tenant, id, cancellationToken);
        await letters.ClearAsync(tenant, id, cancellationToken);
        return was;
    }

    /// <summary>
    /// The dead letters that are there now are sent again, in order, until one fails again. Whoever asks says that the
    /// receiver is well: a webhook that was disabled goes on, and one that waits waits no longer.
    /// </summary>
    /// <returns>Null where there is no such webhook.</returns>
    /// <exception cref="ContendedException">It changed at every try.</exception>
    public async Task<Webhook?> ReplayAsync(TenantId tenant, WebhookId id, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= ReplayTries; attempt++)
        {
            if (await webhooks.FindAsync(tenant, id, cancellationToken) is not { } stored)
            {
                return null;
            }
            var progress = stored.Value.Progress;
            var asked = stored.Value with
            {
                Progress = progress with
                {
                    ReplayAfter = 0,
                    ReplayUpTo = progress.Cursor, // no letter lies behind it
                    NextTryAt = null,
                    DisabledBecause = null,
                },
            };
            if (await webhooks.TryReplaceAsync(asked, stored.Version, cancellationToken) is not null)
            {
                return asked;
            }
        }
        throw new ContendedException($"Webhook {id} changed at each of {ReplayTries} tries; try again.");
    }
}
