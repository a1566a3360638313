using System.Globalization;
using System.Reflection;
using DynamicSurplus.Api;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Tests.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>Who may do what: every route by every role, and a customer's leases by another customer.</summary>
public sealed class ApiRoutesTests
{
    private static readonly string[] Callers =
    [
        ApiHost.Anonymous,
        ApiHost.Operator,
        ApiHost.Auditor,
        ApiHost.Acme,
        ApiHost.Globex,
    ];

    /// <summary>
    /// Status by caller: nobody, operator, auditor, the customer whose lease it is, another customer. Each cell meets
    /// the fleet alpha, priced, with a running lease, a quote and a lease that waits for its machines
    /// and a webhook, all of acme's.
    /// </summary>
    public static TheoryData<string, string, string?, string> Rows =>
        new()
        {
            {
                "PUT /v1/fleets/{fleet}",
                "/v1/fleets/beta",
                "{\"region\":\"r\",\"sku\":\"H100\"}",
                "401 201 403 403 403"
            },
            { "GET /v1/fleets/{fleet}", "/v1/fleets/alpha", null, "401 200 200 403 403" },
            { "DELETE /v1/fleets/{fleet}", "/v1/fleets/alpha", null, "401 202 403 403 403" },
            { "GET /v1/fleets", "/v1/fleets", null, "401 200 200 403 403" },
            { "POST /v1/fleets/{fleet}/pause", "/v1/fleets/alpha/pause", null, "401 200 403 403 403" },
            { "POST /v1/fleets/{fleet}/resume", "/v1/fleets/alpha/resume", null, "401 200 403 403 403" },
            {
                "POST /v1/fleets/{fleet}/reclaim",
                "/v1/fleets/alpha/reclaim?dryRun=true",
                "{\"gpus\":1}",
                "401 200 403 403 403"
            },
            { "POST /v1/telemetry", "/v1/telemetry", "[]", "401 202 403 403 403" },
            { "GET /v1/summary", "/v1/summary", null, "401 200 200 403 403" },
            { "GET /v1/rates", "/v1/rates", null, "401 200 200 200 200" },
            { "GET /v1/rates/{fleet}", "/v1/rates/alpha", null, "401 200 200 200 200" },
            { "GET /v1/rates/{fleet}/history", "/v1/rates/alpha/history", null, "401 200 200 200 200" },
            { "GET /v1/rates/{fleet}/explain", "/v1/rates/alpha/explain", null, "401 200 200 200 200" },
            {
                "POST /v1/quotes",
                "/v1/quotes",
                "{\"fleet\":\"alpha\",\"gpus\":1,\"termSeconds\":600}",
                "401 403 403 201 201"
            },
            { "POST /v1/leases", "/v1/leases", "{\"quoteId\":\"{quote}\"}", "401 403 403 201 404" },
            { "GET /v1/leases", "/v1/leases?tenant=acme", null, "401 200 200 200 403" },
            { "GET /v1/leases/{lease}", "/v1/leases/{running}", null, "401 200 200 200 404" },
            { "GET /v1/leases/{lease}/events", "/v1/leases/{running}/events", null, "401 200 200 200 404" },
            { "GET /v1/leases/{lease}/statement", "/v1/leases/{running}/statement", null, "401 200 200 200 404" },
            { "POST /v1/leases/{lease}/end", "/v1/leases/{running}/end", null, "401 403 403 200 404" },
            { "POST /v1/leases/{lease}/renew", "/v1/leases/{running}/renew", null, "401 403 403 200 404" },
            {
                "POST /v1/leases/{lease}/simulate-reclaim",
                "/v1/leases/{running}/simulate-reclaim",
                null,
                "401 403 403 200 404"
            },
            {
                "POST /v1/leases/{lease}/corrections",
                "/v1/leases/{running}/corrections",
                "{\"correctionId\":\"c\",\"gpuSeconds\":60,\"detail\":\"late\"}",
                "401 409 403 403 403"
            },
            {
                "POST /v1/leases/{lease}/grant-confirmation",
                "/v1/leases/{granting}/grant-confirmation",
                "{\"granted\":true}",
                "401 200 403 403 403"
            },
            { "GET /v1/audit", "/v1/audit", null, "401 200 200 403 403" },
            { "GET /v1/billing/statement", "/v1/billing/statement?tenant=acme", null, "401 200 200 200 403" },
            { "GET /v1/billing/focus", "/v1/billing/focus?tenant=acme", null, "401 200 200 200 403" },
            { "GET /v1/billing/ledger", "/v1/billing/ledger", null, "401 200 200 403 403" },
            { "GET /health/live", "/health/live", null, "200 200 200 200 200" },
            { "GET /health/ready", "/health/ready", null, "200 200 200 200 200" },
        };

    /// <summary>Of events and of those who are sent them; as <see cref="Rows"/>.</summary>
    public static TheoryData<string, string, string?, string> EventRows =>
        new()
        {
            { "GET /v1/events", "/v1/events?tenant=acme", null, "401 200 200 200 403" },
            { "POST /v1/webhooks", "/v1/webhooks", "{\"url\":\"https://192.168.0.1/\"}", "401 403 403 422 422" },
            { "GET /v1/webhooks", "/v1/webhooks?tenant=acme", null, "401 200 200 200 403" },
            { "GET /v1/webhooks/{webhook}", "/v1/webhooks/{hook}?tenant=acme", null, "401 200 200 200 403" },
            { "DELETE /v1/webhooks/{webhook}", "/v1/webhooks/{hook}", null, "401 403 403 204 404" },
            {
                "GET /v1/webhooks/{webhook}/dead-letters",
                "/v1/webhooks/{hook}/dead-letters?tenant=acme",
                null,
                "401 200 200 200 403"
            },
            {
                "POST /v1/webhooks/{webhook}/dead-letters/replay",
                "/v1/webhooks/{hook}/dead-letters/replay",
                null,
                "401 403 403 202 404"
            },
        };

    [Theory]
    [MemberData(nameof(Rows))]
    [MemberData(nameof(EventRows))]
    public async Task A_route_answers_each_caller(string route, string path, string? body, string statuses)
    {
        var (granting, provisioner) = ("", new LateProvisioner());
        await using var host = await ApiHost.WithFleetAsync(provisioner.Replace);
        var running = await host.LeaseAsync();
        var quote = await host.QuoteAsync();
        var hook = Example.Webhook(ApiHost.Acme, 1);
        await host.Services.GetRequiredService<IWebhooks>().TryAddAsync(hook, 1, TestContext.Current.CancellationToken);
        provisioner.IsLate = true;
        granting = await host.AcceptAsync(await host.QuoteAsync());
        var method = route[..route.IndexOf(' ', StringComparison.Ordinal)];

        var answers = new List<string>();
        foreach (var caller in Callers)
        {
            var answer = await host.SendAsync(method, Filled(path)!, caller, Filled(body));
            answers.Add(answer.Status.ToString(CultureInfo.InvariantCulture));
        }

        string.Join(' ', answers).ShouldBe(statuses);

        string? Filled(string? text) =>
            text
                ?.Replace("{running}", running, StringComparison.Ordinal)
                .Replace("{quote}", quote, StringComparison.Ordinal)
                .Replace("{granting}", granting, StringComparison.Ordinal)
                .Replace("{hook}", hook.Id.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_route_is_a_row_of_the_table() =>
        Rows.Concat(EventRows)
            .Select(row => row.Data.Item1)
            .ShouldBe(ApiRoutes.All.Select(route => $"{route.Method} {route.Pattern}"), ignoreOrder: true);

    [Fact]
    public void Every_route_is_a_field_and_is_named_after_it()
    {
        var fields = typeof(ApiRoutes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (field.Name, (ApiRoute)field.GetValue(null)!))
            .ToArray();

        fields.ShouldBe(ApiRoutes.All.Select(route => (route.Name, route)));
        fields.Select(field => field.Name).ShouldBeUnique();
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", 404, "no-such-route")]
    [InlineData("GET", "/", 404, "no-such-route")]
    [InlineData("DELETE", "/v1/summary", 405, "method-not-allowed")]
    [InlineData("GET", "/v1/quotes", 405, "method-not-allowed")]
    public async Task What_is_not_there_is_a_problem_too(string method, string path, int status, string problem)
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.SendAsync(method, path, ApiHost.Operator);

        (answer.Status, answer.Problem).ShouldBe((status, problem));
    }

    [Fact]
    public async Task A_wrong_method_is_told_the_right_ones()
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.SendAsync("PATCH", "/v1/fleets/alpha", ApiHost.Operator);

        answer.Headers["Allow"].ShouldBe("PUT, GET, HEAD, DELETE");
    }

    [Fact]
    public async Task What_can_be_got_has_its_headers_alone_too()
    {
        await using var host = await ApiHost.WithFleetAsync();

        var answer = await host.SendAsync("HEAD", "/v1/rates/alpha", ApiHost.Acme);

        (answer.Status, answer.Body.Length).ShouldBe((200, 0));
        answer.Headers.Keys.ShouldContain("ETag");
    }

    [Theory]
    [InlineData("/v1/rates?regoin=eu", "regoin")]
    [InlineData("/v1/rates?sku=H100&sku=H200", "sku")]
    [InlineData("/v1/rates?limit=0", "limit")]
    [InlineData("/v1/rates?limit=1001", "limit")]
    [InlineData("/v1/rates?limit=ten", "limit")]
    [InlineData("/v1/rates?cursor=A%20B", "cursor")]
    [InlineData("/v1/leases?cursor=nonsense", "cursor")]
    [InlineData("/v1/leases?tenant=A%2FB", "tenant")]
    [InlineData("/v1/events", "tenant")]
    [InlineData("/v1/events?tenant=acme&after=-1", "after")]
    [InlineData("/v1/events?tenant=acme&after=soon", "after")]
    [InlineData("/v1/events?tenant=acme&limit=0", "limit")]
    [InlineData("/v1/events?tenant=acme&type=granted", "type")]
    [InlineData("/v1/events?tenant=acme&lease=1", "lease")]
    [InlineData("/v1/audit?cursor=nonsense", "cursor")]
    [InlineData("/v1/audit?from=yesterday", "from")]
    [InlineData("/v1/summary?x=1", "x")]
    public async Task A_query_that_means_nothing_is_refused_by_name(string path, string field)
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.GetAsync(path, ApiHost.Operator);

        (answer.Status, answer.Problem).ShouldBe((400, "malformed-request"));
        answer.Fields.ShouldBe([field]);
    }
}
