using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Engine.Webhooks;

/// <summary>
/// Sends one event to one webhook, once: a signed POST of the CloudEvent, whose answer is its status alone.
/// </summary>
/// <remarks>
/// Header <c>Surplus-Signature</c> is <c>t=Unix seconds,v1=signature</c>, where the signature is that of
/// <see cref="WebhookSignature"/> by the webhook's secret.
/// </remarks>
/// <param name="http">Over <see cref="WebhookTargets.CreateHandler"/>.</param>
/// <param name="wall">Signatures carry the wall's time, whatever the engine's speed.</param>
public sealed class WebhookSender(HttpClient http, WebhookSecrets secrets, TimeProvider wall)
{
    public const string SignatureHeader = "Surplus-Signature";

    /// <summary>Says which webhook it is, where one address serves several.</summary>
    public const string WebhookHeader = "Surplus-Webhook";

    /// <summary>From the connection to the answer's head: a receiver takes an event, and works on it later.</summary>
    public static readonly TimeSpan TimeOut = TimeSpan.FromSeconds(10);

    /// <summary>Throws nothing but a cancellation.</summary>
    public async Task<WebhookAnswer> SendAsync(Webhook webhook, FeedEvent happened, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(TimeOut, wall);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        try
        {
            using var request = Request(webhook, happened.Json);
            using var answer = await http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead, // what it says beside its status, nobody reads
                either.Token
            );
            return new(
                answer.IsSuccessStatusCode ? null : $"answered {(int)answer.StatusCode}",
                answer.StatusCode == HttpStatusCode.Gone
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new($"gave no answer within {TimeOut.TotalSeconds} s");
        }
        catch (HttpRequestException unreachable)
        {
            return new(
                unreachable.InnerException is TargetRefusedException refused
                    ? refused.Message
                    : $"cannot be reached ({unreachable.HttpRequestError})"
            );
        }
    }

    private HttpRequestMessage Request(Webhook webhook, ReadOnlyMemory<byte> body)
    {
        var timestamp = wall.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var secret = Encoding.ASCII.GetBytes(secrets.Of(webhook));
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Target)
        {
            Content = new ReadOnlyMemoryContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        request.Headers.Add(SignatureHeader, $"t={timestamp},v1={WebhookSignature.Hex(secret, timestamp, body.Span)}");
        request.Headers.Add(WebhookHeader, webhook.Id.ToString());
        return request;
    }
}
