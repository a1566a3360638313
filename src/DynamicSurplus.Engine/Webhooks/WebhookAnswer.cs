namespace DynamicSurplus.Engine.Webhooks;

/// <summary>What a receiver made of an event.</summary>
/// <param name="Failure">In words, for the webhook's owner; null: it was taken.</param>
/// <param name="IsGone">The receiver wants no more of them (410).</param>
public readonly record struct WebhookAnswer(string? Failure = null, bool IsGone = false)
{
    public bool IsTaken => Failure is null;
}
