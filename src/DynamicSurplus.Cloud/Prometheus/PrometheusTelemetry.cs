using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Azure.Core;
using Azure.Identity;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace DynamicSurplus.Cloud.Prometheus;

/// <summary>
/// Pulls telemetry by Prometheus's HTTP API: one instant query for each value, all at once and of one time. An empty
/// answer is never taken for 0, and of several series none is.
/// </summary>
public sealed partial class PrometheusTelemetry : ITelemetrySource
{
    /// <summary>Most bytes of an answer, once unpacked: one number takes some hundred.</summary>
    public const int MaxAnswerBytes = 64 * 1024;

    private const int LoggedNotes = 3;
    private const int LoggedLength = 200;

    /// <summary>Azure Monitor's managed Prometheus, and what its tokens are for.</summary>
    private const string AzureMonitorHosts = ".prometheus.monitor.azure.com";
    private static readonly TokenRequestContext AzureMonitor = new(["https://prometheus.monitor.azure.com/.default"]);

    private readonly HttpClient _http;
    private readonly PrometheusOptions _options;
    private readonly TokenCredential? _credential;
    private readonly ILogger<PrometheusTelemetry> _logger;
    private readonly ResiliencePipeline<QueryAnswer> _pipeline;

    /// <param name="http">One over <see cref="CreateHandler"/>, or that follows no redirects either.</param>
    /// <param name="credential">
    /// For servers of Azure Monitor, asked by https; no other server gets its tokens. Null: they are asked without.
    /// </param>
    public PrometheusTelemetry(
        HttpClient http,
        PrometheusOptions options,
        TokenCredential? credential,
        ILogger<PrometheusTelemetry> logger
    )
    {
        (_http, _options, _credential, _logger) = (http, options, credential, logger);
        var pipeline = new ResiliencePipelineBuilder<QueryAnswer>().AddTimeout(options.QueryTimeout);
        if (options.Retries > 0)
        {
            pipeline.AddRetry(
                new RetryStrategyOptions<QueryAnswer>
                {
                    MaxRetryAttempts = options.Retries,
                    Delay = options.RetryDelay,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    ShouldHandle = new PredicateBuilder<QueryAnswer>()
                        .Handle<HttpRequestException>()
                        .Handle<IOException>()
                        .Handle<TimeoutRejectedException>()
                        .HandleResult(answer =>
                            answer.Status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
                        ),
                }
            );
        }
        _pipeline = pipeline.AddTimeout(options.TryTimeout).Build();
    }

    /// <summary>Connections that follow no redirects, keep no cookies, and unpack gzip.</summary>
    public static SocketsHttpHandler CreateHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // then names are looked up again
        };

    public async Task<TelemetryReading> ReadAsync(Fleet fleet, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var source = fleet.Telemetry ?? throw new ArgumentException($"{fleet.Id} declares no source.", nameof(fleet));
        List<(string Field, string Query)> queries =
        [
            ("healthy", source.Healthy),
            ("running", source.Running),
            ("queued", source.Queued),
        ];
        if (source.Watts is not null)
        {
            queries.Add(("watts", source.Watts));
        }
        var answers = await Task.WhenAll(
            queries.Select(query => AskAsync(source.Server, query.Field, query.Query, at, cancellationToken))
        );
        foreach (var ((field, _), answer) in queries.Zip(answers))
        {
            LogNotes(fleet.Id, field, answer);
        }
        return Array.Find(answers, answer => answer.Error is not null) is { Error: { } reason }
            ? new TelemetryReading.Nothing(reason, answers.All(answer => answer.IsSilent))
            : new TelemetryReading.Values(
                answers[0].Value,
                answers[1].Value,
                answers[2].Value,
                answers.Length > 3 ? answers[3].Value : null
            );
    }

    private async Task<QueryAnswer> AskAsync(
        Uri server,
        string field,
        string query,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await _pipeline.ExecuteAsync(
                async token => await TryAsync(server, field, query, at, token),
                cancellationToken
            );
        }
        catch (TimeoutRejectedException timeout)
        {
            return QueryAnswer.Without(
                null,
                field,
                $"the server did not answer within {timeout.Timeout.TotalSeconds} s",
                "see whether the server is busy, and make the query cheaper, such as by a recording rule"
            );
        }
        catch (HttpRequestException exception)
            when (exception.HttpRequestError is not (HttpRequestError.Unknown or HttpRequestError.ResponseEnded))
        {
            return QueryAnswer.Without(
                null,
                field,
                $"the server cannot be reached ({exception.HttpRequestError})",
                "see whether the server runs, and that this host may reach it"
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException)
        {
            return QueryAnswer.Without(
                null,
                field,
                "the server's answer broke off or is damaged",
                "see the server's log"
            );
        }
        catch (AuthenticationFailedException exception)
        {
            NoToken(server.Host, exception);
            return QueryAnswer.Without(
                HttpStatusCode.Unauthorized,
                field,
                "this host got no token for Azure Monitor",
                "give its identity the role Monitoring Data Reader on the workspace"
            );
        }
    }

    private async Task<QueryAnswer> TryAsync(
        Uri server,
        string field,
        string query,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, // queries may be longer than addresses can be, and stay out of logs
            server.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/api/v1/query"
        )
        {
            Content = new FormUrlEncodedContent([
                new("query", query),
                new("time", (at.ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture)),
                new("timeout", string.Create(CultureInfo.InvariantCulture, $"{TimeoutSeconds}s")),
            ]),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (_credential is not null && IsAzureMonitor(server))
        {
            var token = await _credential.GetTokenAsync(AzureMonitor, cancellationToken);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        }
        using var response = await _http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        return await ReadAsync(response, field, cancellationToken);
    }

    /// <summary>Tells the server when nobody listens any more; it knows whole seconds at least.</summary>
    private double TimeoutSeconds => Math.Ceiling(_options.TryTimeout.TotalSeconds);

    private static async Task<QueryAnswer> ReadAsync(
        HttpResponseMessage response,
        string field,
        CancellationToken cancellationToken
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxAnswerBytes + 1);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var length = await body.ReadAtLeastAsync(
                buffer.AsMemory(0, MaxAnswerBytes + 1),
                MaxAnswerBytes + 1,
                throwOnEndOfStream: false,
                cancellationToken
            );
            return length > MaxAnswerBytes
                ? QueryAnswer.Without(
                    response.StatusCode,
                    field,
                    $"the answer has more than {MaxAnswerBytes} bytes",
                    "wrap the query in sum(), so that it gives one series"
                )
                : QueryAnswer.Read(response.StatusCode, field, buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsAzureMonitor(Uri server) =>
        string.Equals(server.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
        && server.IdnHost.EndsWith(AzureMonitorHosts, StringComparison.OrdinalIgnoreCase);

    private void LogNotes(FleetId fleet, string field, QueryAnswer answer)
    {
        foreach (var warning in answer.Warnings.Take(LoggedNotes))
        {
            ServerWarns(fleet, field, Cut(warning));
        }
        foreach (var info in answer.Infos.Take(LoggedNotes))
        {
            ServerSays(fleet, field, Cut(info));
        }
    }

    private static string Cut(string text) => text.Length <= LoggedLength ? text : text[..LoggedLength] + "…";

    [LoggerMessage(LogLevel.Warning, "Fleet {Fleet}: asked for {Field}, its Prometheus server warns: {Warning}")]
    private partial void ServerWarns(FleetId fleet, string field, string warning);

    [LoggerMessage(LogLevel.Information, "Fleet {Fleet}: asked for {Field}, its Prometheus server says: {Info}")]
    private partial void ServerSays(FleetId fleet, string field, string info);

    [LoggerMessage(LogLevel.Warning, "No token for the Prometheus server {Host} of Azure Monitor could be had.")]
    private partial void NoToken(string host, Exception exception);
}
