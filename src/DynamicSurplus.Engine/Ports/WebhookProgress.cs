namespace DynamicSurplus.Engine.Ports;

/// <summary>How far a webhook has come. Times are the wall's: receivers know nothing of the engine's clock.</summary>
/// <param name="Cursor">Sequence of the last event that is dealt with.</param>
/// <param name="Failures">Tries that failed at the event behind the cursor.</param>
/// <param name="NextTryAt">Null: at once.</param>
/// <param name="LastFailure">Of the latest try that failed, in words; null once one succeeds.</param>
/// <param name="DisabledBecause">Null while events are sent.</param>
/// <param name="Owner">Whoever is sending.</param>
/// <param name="OwnedUntil">Then others take it for dead.</param>
/// <param name="ReplayAfter">Sequence of the last dead letter that the replay has dealt with.</param>
/// <param name="ReplayUpTo">Sequence of the last dead letter to send again; null: there is none to.</param>
public sealed record WebhookProgress(
    long Cursor,
    int Failures = 0,
    DateTimeOffset? NextTryAt = null,
    string? LastFailure = null,
    DateTimeOffset? DeliveredAt = null,
    string? DisabledBecause = null,
    string? Owner = null,
    DateTimeOffset? OwnedUntil = null,
    long ReplayAfter = 0,
    long? ReplayUpTo = null
);
