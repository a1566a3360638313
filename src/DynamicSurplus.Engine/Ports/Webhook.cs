using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>An address that a tenant's events are sent to. All but its progress stays as it was made.</summary>
/// <param name="Salt">Of its secret: random, so that one made anew for the same address has another.</param>
/// <param name="KeyCheck">Tells whether the installation's key is the one that the secret was made with.</param>
/// <param name="CreatedAt">On the wall's clock.</param>
public sealed record Webhook(
    WebhookId Id,
    TenantId Tenant,
    Uri Target,
    EventTypes Types,
    string Salt,
    string KeyCheck,
    DateTimeOffset CreatedAt,
    WebhookProgress Progress
);
