using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Webhooks;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace DynamicSurplus.Engine.Provisioning;

/// <summary>Calls the owner's controller: a signed POST, retried with jitter, idempotent by lease.</summary>
/// <remarks>
/// Header <c>X-Surplus-Timestamp</c> holds Unix seconds, <c>X-Surplus-Signature</c> <c>sha256=</c> and the hex
/// HMAC-SHA256 of <c>timestamp + "." + body</c>. A receiver recomputes it and refuses calls older than five minutes.
/// </remarks>
public sealed class WebhookProvisioner : IProvisioner
{
    private readonly HttpClient _http;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    /// <param name="time">The wall's clock: signatures carry its time, whatever the engine's speed.</param>
    public WebhookProvisioner(HttpClient http, WebhookOptions options, TimeProvider time)
    {
        _http = http;
        _options = options;
        _time = time;
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (options.Retries > 0)
        {
            pipeline.AddRetry(
                new RetryStrategyOptions<HttpResponseMessage>
                {
                    MaxRetryAttempts = options.Retries,
                    Delay = TimeSpan.FromMilliseconds(500),
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                        .Handle<HttpRequestException>()
                        .Handle<TimeoutRejectedException>()
                        .HandleResult(answer =>
                            answer.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
                        ),
                }
            );
        }
        _pipeline = pipeline.AddTimeout(options.TimeOut).Build();
    }

    /// <exception cref="HttpRequestException">
    /// The controller cannot be reached, or answers neither yes, no nor later.
    /// </exception>
    public async Task<GrantAnswer> GrantAsync(
        Fleet fleet,
        LeaseId lease,
        LeaseTerms terms,
        CancellationToken cancellationToken
    )
    {
        using var answer = await CallAsync("grant", fleet, lease, terms, terms.Gpus, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity)
        {
            return new GrantAnswer.Refused($"the owner's controller answered {(int)answer.StatusCode}");
        }
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var reply = await ReadAsync(body, cancellationToken);
        return reply?.Status switch
        {
            "granted" => new GrantAnswer.Granted(),
            "pending" => new GrantAnswer.Pending(AskAgain: false),
            "refused" => new GrantAnswer.Refused(reply.Detail ?? "the owner's controller refused"),
            _ => throw new HttpRequestException(
                $"The controller of {fleet.Id} answered status '{reply?.Status}'; expected granted, pending or refused."
            ),
        };
    }

    /// <exception cref="HttpRequestException">
    /// The controller cannot be reached or refuses; 404 and 410 count as done.
    /// </exception>
    public async Task RevokeAsync(Fleet fleet, LeaseId lease, LeaseTerms terms, CancellationToken cancellationToken)
    {
        using var answer = await CallAsync("revoke", fleet, lease, terms, terms.Gpus, cancellationToken);
        RequireDone(answer);
    }

    /// <exception cref="HttpRequestException">
    /// The controller cannot be reached or refuses; 404 and 410 count as done.
    /// </exception>
    public async Task ResizeAsync(
        Fleet fleet,
        LeaseId lease,
        LeaseTerms terms,
        int gpus,
        CancellationToken cancellationToken
    )
    {
        using var answer = await CallAsync("resize", fleet, lease, terms, gpus, cancellationToken);
        RequireDone(answer);
    }

    /// <summary>The value of the signature header for a body.</summary>
    public static string Sign(ReadOnlySpan<byte> secret, string timestamp, ReadOnlySpan<byte> body) =>
        "sha256=" + WebhookSignature.Hex(secret, timestamp, body);

    private static void RequireDone(HttpResponseMessage answer)
    {
        if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Gone))
        {
            answer.EnsureSuccessStatusCode();
        }
    }

    private static async Task<WebhookReply?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(body, WebhookJson.Default.WebhookReply, cancellationToken);
        }
        catch (JsonException exception)
        {
            throw new HttpRequestException("The controller's answer is not JSON.", exception);
        }
    }

    private async Task<HttpResponseMessage> CallAsync(
        string type,
        Fleet fleet,
        LeaseId lease,
        LeaseTerms terms,
        int gpus,
        CancellationToken cancellationToken
    )
    {
        if (_options.Secret.Length < WebhookOptions.MinSecretBytes)
        {
            throw new HttpRequestException(
                $"Fleet {fleet.Id} has a webhook, but no secret of {WebhookOptions.MinSecretBytes} bytes is configured."
            );
        }
        var call = new WebhookCall(
            type,
            lease.ToString(),
            fleet.Id.ToString(),
            terms.Tenant.ToString(),
            terms.Tier == LeaseTier.Firm ? "firm" : "spot",
            gpus,
            (long)terms.Term.TotalSeconds
        );
        var body = JsonSerializer.SerializeToUtf8Bytes(call, WebhookJson.Default.WebhookCall);
        return await _pipeline.ExecuteAsync(
            async token => await SendAsync(fleet.Provisioner!.Webhook!, body, token),
            cancellationToken
        );
    }

    private async Task<HttpResponseMessage> SendAsync(Uri target, byte[] body, CancellationToken cancellationToken)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Surplus-Timestamp", timestamp);
        request.Headers.Add("X-Surplus-Signature", Sign(_options.Secret.Span, timestamp, body));
        return await _http.SendAsync(request, cancellationToken);
    }
}
