using System.Globalization;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Api.Wire;

/// <param name="Types">Empty: all.</param>
/// <param name="Cursor">Of the last event that is dealt with, as <c>GET /v1/events</c> gives cursors.</param>
/// <param name="Failures">Tries that failed at the event behind the cursor.</param>
/// <param name="Replaying">Dead letters are still to be sent again.</param>
/// <param name="Secret">Key of the signatures; in the answer to the request that made it, and nowhere else.</param>
public sealed record WebhookDocument(
    string Id,
    Uri Url,
    IReadOnlyList<string> Types,
    WebhookStatus Status,
    DateTimeOffset CreatedAt,
    string Cursor,
    int Failures,
    DateTimeOffset? NextTryAt,
    string? LastFailure,
    DateTimeOffset? DeliveredAt,
    string? DisabledBecause,
    bool Replaying,
    string? Secret
)
{
    public static WebhookDocument Of(Webhook webhook, string? secret = null)
    {
        var progress = webhook.Progress;
        return new(
            webhook.Id.ToString(),
            webhook.Target,
            webhook.Types.Names,
            progress.DisabledBecause is not null ? WebhookStatus.Disabled
                : progress.LastFailure is not null ? WebhookStatus.Failing
                : WebhookStatus.Active,
            webhook.CreatedAt,
            progress.Cursor.ToString(CultureInfo.InvariantCulture),
            progress.Failures,
            progress.NextTryAt,
            progress.LastFailure,
            progress.DeliveredAt,
            progress.DisabledBecause,
            progress.ReplayUpTo is not null,
            secret
        );
    }
}
