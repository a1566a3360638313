using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>Where tenants want their events sent, and how far each has come.</summary>
public interface IWebhooks
{
    /// <param name="most">Of a tenant; never more, however many are added at once.</param>
    Task<WebhookAddition> TryAddAsync(Webhook webhook, int most, CancellationToken cancellationToken);

    /// <summary>A tenant's, or everybody's where it is null, by (tenant, id).</summary>
    Task<IReadOnlyList<Versioned<Webhook>>> ListAsync(TenantId? tenant, CancellationToken cancellationToken);

    Task<Versioned<Webhook>?> FindAsync(TenantId tenant, WebhookId id, CancellationToken cancellationToken);

    /// <returns>The new version; null where it has another one than named, or is gone.</returns>
    Task<string?> TryReplaceAsync(Webhook webhook, string version, CancellationToken cancellationToken);

    /// <returns>False where there was none.</returns>
    Task<bool> DeleteAsync(TenantId tenant, WebhookId id, CancellationToken cancellationToken);
}
