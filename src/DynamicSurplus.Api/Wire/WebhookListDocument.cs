namespace DynamicSurplus.Api.Wire;

public sealed record WebhookListDocument(IReadOnlyList<WebhookDocument> Webhooks);
