using System.Collections.Concurrent;
using DynamicSurplus.Cloud.Prometheus;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Api;
using DynamicSurplus.Tests.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DynamicSurplus.Tests.Prometheus;

/// <summary>
/// A server on loopback in Prometheus's place, which answers each query as the test says: the real one gives few of the
/// answers that must be told apart.
/// </summary>
internal sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StandIn(WebApplication app) => _app = app;

    /// <summary>What came, in order: the forms of the queries.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Asked { get; } = [];

    public TestLog Log { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="answer">Given the query and how often it came before.</param>
    public static async Task<StandIn> StartAsync(Func<HttpContext, string, int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var standIn = new StandIn(app);
        var times = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        app.MapPost(
            "/base/api/v1/query",
            async http =>
            {
                var form = (await http.Request.ReadFormAsync(Cancel)).ToDictionary(
                    field => field.Key,
                    field => field.Value.ToString(),
                    StringComparer.Ordinal
                );
                standIn.Asked.Enqueue(form);
                await answer(http, form["query"], times.AddOrUpdate(form["query"], 0, (_, before) => before + 1));
            }
        );
        await app.StartAsync(Cancel);
        return standIn;
    }

    /// <summary>Always the same body to the query <c>x</c>, and the number 1 to every other.</summary>
    public static Task<StandIn> StartAsync(string toX, int status = 200) =>
        StartAsync(
            (http, query, _) =>
            {
                http.Response.StatusCode = query == "x" ? status : 200;
                return http.Response.WriteAsync(query == "x" ? toX : Scalar("1"), Cancel);
            }
        );

    public static string Scalar(string number) =>
        $$$"""{"status":"success","data":{"resultType":"scalar","result":[1787392800.5,"{{{number}}}"]}}""";

    public static string Vector(params string[] numbers)
    {
        var series = numbers.Select(number => $$$"""{"metric":{"pool":"a"},"value":[1787392800.5,"{{{number}}}"]}""");
        return $$$"""{"status":"success","data":{"resultType":"vector","result":[{{{string.Join(',', series)}}}]}}""";
    }

    /// <summary>An adapter that waits as long as tests can.</summary>
    public PrometheusTelemetry Adapter(PrometheusOptions? options = null, HttpMessageHandler? handler = null) =>
        new(
            new HttpClient(handler ?? PrometheusTelemetry.CreateHandler()),
            options ?? new() { RetryDelay = TimeSpan.FromMilliseconds(1) },
            credential: null,
            LoggerFactory.Create(log => log.AddProvider(Log)).CreateLogger<PrometheusTelemetry>()
        );

    /// <summary>A fleet that asks this server.</summary>
    public Fleet Fleet(
        string healthy = "a",
        string running = "b",
        string queued = "c",
        string? watts = null,
        string id = "fleet-1"
    ) =>
        Example.Fleet(FleetId.Parse(id)) with
        {
            Telemetry = new(new Uri(Address, "/base/"), healthy, running, queued, watts),
        };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
