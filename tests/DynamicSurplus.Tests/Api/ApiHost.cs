using System.Net.Http.Json;
using System.Text.Json;
using DynamicSurplus.Api;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>
/// The API over real HTTP on a loopback port, with the engine in memory and a clock that the test moves.
/// </summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public const string Operator = "operator";
    public const string Auditor = "auditor";

    /// <summary>A customer.</summary>
    public const string Acme = "acme";

    /// <summary>Another customer.</summary>
    public const string Globex = "globex";

    /// <summary>No credential at all.</summary>
    public const string Anonymous = "";

    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private int _requests;

    private ApiHost(WebApplication app, FakeTimeProvider time, TestLog log)
    {
        _app = app;
        Time = time;
        Log = log;
        var address = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        // Long enough for a busy machine: who asks whether to go on waits for the answer.
        var patient = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        _http = new HttpClient(patient) { BaseAddress = new Uri(address) };
    }

    public FakeTimeProvider Time { get; }

    public TestLog Log { get; }

    public IServiceProvider Services => _app.Services;

    public EngineOptions Options => Services.GetRequiredService<EngineOptions>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="configure">Registers in place of, or beside, what the host registers.</param>
    public static async Task<ApiHost> StartAsync(
        Action<IServiceCollection>? configure = null,
        EngineOptions? options = null,
        TimeProvider? wall = null,
        EntraOptions? entra = null,
        RequestLimits? limits = null
    )
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 8, 22, 10, 0, 0, TimeSpan.Zero));
        var log = new TestLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddEngine(options ?? new(), new(new byte[WebhookOptions.MinSecretBytes]));
        builder.Services.AddMemoryStorage();
        builder.Services.AddDynamicSurplusApi(
            [
                new(Operator, Roles.Operator, null, ApiKey.Hash(KeyOf(Operator))),
                new(Auditor, Roles.Auditor, null, ApiKey.Hash(KeyOf(Auditor))),
                new(Acme, Roles.Customer, TenantId.Parse(Acme), ApiKey.Hash(KeyOf(Acme))),
                new(Globex, Roles.Customer, TenantId.Parse(Globex), ApiKey.Hash(KeyOf(Globex))),
            ],
            wall,
            entra,
            limits
        );
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapDynamicSurplus();
        await app.StartAsync(Cancelled);
        return new(app, time, log);
    }

    public static string KeyOf(string who) => $"key-of-{who}";

    /// <summary>Sends a request as somebody. POSTs get a new Idempotency-Key unless one is given.</summary>
    /// <param name="body">Text is sent as it is; bytes too; anything else as JSON.</param>
    public async Task<Answer> SendAsync(
        string method,
        string path,
        string who,
        object? body = null,
        string? key = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (who.Length > 0)
        {
            request.Headers.Authorization = new("Bearer", KeyOf(who));
        }
        if (method == "POST" || key is not null)
        {
            request.Headers.TryAddWithoutValidation(
                "Idempotency-Key",
                key ?? $"request-{Interlocked.Increment(ref _requests)}"
            );
        }
        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text),
            byte[] bytes => new ByteArrayContent(bytes),
            _ => JsonContent.Create(body, body.GetType()),
        };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request, Cancelled);
        return new(
            (int)response.StatusCode,
            response
                .Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                .ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await response.Content.ReadAsByteArrayAsync(Cancelled)
        );
    }

    /// <summary>Asks for an answer that may never end; the caller reads and disposes of it.</summary>
    public async Task<HttpResponseMessage> OpenAsync(
        string path,
        string who,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new("Bearer", KeyOf(who));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
    }

    /// <summary>Stops as a host does when it is told to.</summary>
    public Task StopAsync() => _app.StopAsync(Cancelled);

    public Task<Answer> GetAsync(string path, string who) => SendAsync("GET", path, who);

    /// <summary>
    /// Registers a fleet of 100 GPUs whose spot tier needs no margin, and half of which is always on sale as firm.
    /// </summary>
    public async Task RegisterAsync(string fleet, string sku = "H100", string region = "eu-north-1")
    {
        var policy = new
        {
            epsilonSpot = 1.0,
            wall = 0.5,
            wallEnforced = true,
        };
        var answer = await SendAsync(
            "PUT",
            $"/v1/fleets/{fleet}",
            Operator,
            new
            {
                region,
                sku,
                policy,
            }
        );
        answer.Status.ShouldBe(201, answer.Text);
    }

    /// <summary>Reports internal demand of all fleets named, and prices the next tick.</summary>
    public Task TickAsync(double running, params string[] fleets)
    {
        Time.Advance(Options.TickLength.Span);
        return KeepFreshAsync(running, fleets);
    }

    /// <summary>The same at the time that it is.</summary>
    public async Task KeepFreshAsync(double running, params string[] fleets)
    {
        var now = Time.GetUtcNow();
        var samples = fleets.Select(fleet => new
        {
            fleet,
            at = now,
            healthy = 100,
            running,
            queued = 0,
        });
        var answer = await SendAsync("POST", "/v1/telemetry", Operator, samples);
        answer.Json.GetProperty("accepted").GetInt32().ShouldBe(fleets.Length, answer.Text);
        for (var shard = 0; shard < Options.ShardCount; shard++)
        {
            await Services.GetRequiredService<RunPricingCycle>().RunAsync(shard, Cancelled);
        }
    }

    /// <summary>
    /// A host with the priced fleet <c>alpha</c>, half of whose 100 GPUs are on sale, to either tier.
    /// </summary>
    public static async Task<ApiHost> WithFleetAsync(
        Action<IServiceCollection>? configure = null,
        TimeProvider? wall = null,
        EntraOptions? entra = null,
        EngineOptions? options = null,
        RequestLimits? limits = null
    )
    {
        var host = await StartAsync(configure, options, wall, entra, limits);
        await host.RegisterAsync("alpha");
        await host.TickAsync(running: 20, "alpha");
        return host;
    }

    /// <summary>A quote of fleet <c>alpha</c>.</summary>
    public async Task<string> QuoteAsync(string who = Acme, int gpus = 8, string tier = "spot")
    {
        var answer = await SendAsync(
            "POST",
            "/v1/quotes",
            who,
            new
            {
                fleet = "alpha",
                tier,
                gpus,
                termSeconds = 3600,
            }
        );
        answer.Status.ShouldBe(201, answer.Text);
        return answer["quoteId"];
    }

    /// <returns>The lease: the same id.</returns>
    public async Task<string> AcceptAsync(string quoteId, string who = Acme)
    {
        var answer = await SendAsync("POST", "/v1/leases", who, new { quoteId });
        answer.Status.ShouldBe(201, answer.Text);
        return answer["id"];
    }

    /// <summary>A running lease of fleet <c>alpha</c>.</summary>
    public async Task<string> LeaseAsync(string who = Acme, int gpus = 8, string tier = "spot") =>
        await AcceptAsync(await QuoteAsync(who, gpus, tier), who);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string Text => System.Text.Encoding.UTF8.GetString(Body);

        public JsonElement Json => JsonElement.Parse(Body);

        /// <summary>The last part of a problem's type.</summary>
        public string Problem
        {
            get
            {
                Headers["Content-Type"].ShouldBe("application/problem+json");
                Json.GetProperty("status").GetInt32().ShouldBe(Status);
                var type = Json.GetProperty("type").GetString()!;
                type.ShouldStartWith("urn:dynamic-surplus:problem:");
                return type[(type.LastIndexOf(':') + 1)..];
            }
        }

        /// <summary>The fields that a problem names.</summary>
        public IReadOnlyList<string> Fields =>
            [.. Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()!)];

        public string this[string member] => Json.GetProperty(member).ToString();
    }
}
