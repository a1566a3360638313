namespace DynamicSurplus.Engine.Provisioning;

/// <summary>
/// What a controller answers to <c>grant</c>: <c>granted</c>, <c>pending</c> or <c>refused</c> with a detail.
/// </summary>
internal sealed record WebhookReply(string? Status, string? Detail);
