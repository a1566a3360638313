using System.Globalization;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryWebhooks : IWebhooks
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(TenantId Tenant, WebhookId Id), Versioned<Webhook>> _webhooks = [];
    private long _versions;

    public Task<WebhookAddition> TryAddAsync(Webhook webhook, int most, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_webhooks.ContainsKey((webhook.Tenant, webhook.Id)))
            {
                return Task.FromResult(WebhookAddition.Exists);
            }
            if (_webhooks.Keys.Count(key => key.Tenant == webhook.Tenant) >= most)
            {
                return Task.FromResult(WebhookAddition.Full);
            }
            _webhooks.Add((webhook.Tenant, webhook.Id), new(webhook, NewVersion()));
            return Task.FromResult(WebhookAddition.Added);
        }
    }

    public Task<IReadOnlyList<Versioned<Webhook>>> ListAsync(TenantId? tenant, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<Versioned<Webhook>>>([
                .. _webhooks.Values.Where(stored => tenant is null || stored.Value.Tenant == tenant),
            ]);
        }
    }

    public Task<Versioned<Webhook>?> FindAsync(TenantId tenant, WebhookId id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_webhooks.GetValueOrDefault((tenant, id)));
        }
    }

    public Task<string?> TryReplaceAsync(Webhook webhook, string version, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var key = (webhook.Tenant, webhook.Id);
            if (
                !_webhooks.TryGetValue(key, out var stored)
                || !string.Equals(stored.Version, version, StringComparison.Ordinal)
            )
            {
                return Task.FromResult<string?>(null);
            }
            _webhooks[key] = new(webhook, NewVersion());
            return Task.FromResult<string?>(_webhooks[key].Version);
        }
    }

    public Task<bool> DeleteAsync(TenantId tenant, WebhookId id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_webhooks.Remove((tenant, id)));
        }
    }

    private string NewVersion() => (++_versions).ToString(CultureInfo.InvariantCulture);
}
