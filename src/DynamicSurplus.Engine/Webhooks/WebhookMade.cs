using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Engine.Webhooks;

/// <param name="Secret">Of one that was added: shown now, and never again.</param>
public sealed record WebhookMade(WebhookAddition Addition, Webhook Webhook, string? Secret);
