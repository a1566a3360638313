using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DynamicSurplus.Api;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>What is put on the record of operators' actions, when, and what happens where it cannot be.</summary>
public sealed class AuditTests
{
    private const string Beta = "/v1/fleets/beta";
    private const string Body = "{\"region\":\"r\",\"sku\":\"H100\"}";

    private readonly FakeTimeProvider _wall = new(new DateTimeOffset(2026, 11, 24, 23, 59, 0, TimeSpan.Zero));

    [Fact]
    public async Task An_operator_s_change_is_announced_and_its_outcome_told()
    {
        await using var host = await ApiHost.StartAsync(wall: _wall);

        await host.SendAsync("PUT", Beta, ApiHost.Operator, Body);

        var entries = await EntriesAsync(host);
        entries.Count.ShouldBe(2);
        var (intent, outcome) = (entries[0], entries[1]);
        foreach (var entry in entries)
        {
            Text(entry, "caller").ShouldBe("operator");
            Text(entry, "role").ShouldBe("operator");
            Text(entry, "action").ShouldBe("PUT /v1/fleets/{fleet}");
            Text(entry, "target").ShouldBe(Beta);
            Text(entry, "at").ShouldBe("2026-11-24T23:59:00.000Z");
            Text(entry, "bodySha256").ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body))));
            Text(entry, "requestId").ShouldBe(Text(intent, "requestId"));
        }
        (Text(intent, "stage"), Text(intent, "status"), Text(intent, "intent")).ShouldBe(("intent", null, null));
        (Text(outcome, "stage"), Text(outcome, "status")).ShouldBe(("outcome", "201"));
        Text(outcome, "intent").ShouldBe(Text(intent, "id"));
        Text(outcome, "problem").ShouldBeNull();
    }

    [Fact]
    public async Task What_the_handler_refuses_has_the_problem_in_its_outcome()
    {
        await using var host = await ApiHost.StartAsync(wall: _wall);

        var answer = await host.SendAsync("POST", "/v1/fleets/nowhere/pause", ApiHost.Operator);

        var entries = await EntriesAsync(host);
        entries.Select(entry => Text(entry, "stage")).ShouldBe(["intent", "outcome"]);
        (Text(entries[1], "status"), Text(entries[1], "problem")).ShouldBe(("404", answer["type"]));
        Text(entries[1], "bodySha256").ShouldBeNull();
    }

    [Fact]
    public async Task What_fails_has_an_outcome_too()
    {
        await using var host = await ApiHost.StartAsync(services =>
            services.AddSingleton<IFleetDirectory>(new BrokenDirectory())
        );

        var answer = await host.SendAsync("DELETE", Beta, ApiHost.Operator);

        answer.Status.ShouldBe(500);
        var outcome = (await EntriesAsync(host))[1];
        (Text(outcome, "stage"), Text(outcome, "status")).ShouldBe(("outcome", "500"));
        Text(outcome, "requestId").ShouldBe(answer["traceId"]);
    }

    [Theory]
    [InlineData("POST", "/v1/quotes", 403)]
    [InlineData("PUT", "/v1/fleets/beta?force=true", 400)]
    [InlineData("PUT", "/v1/fleets/beta", 413)]
    public async Task What_is_refused_before_anything_is_begun_is_recorded(string method, string path, int status)
    {
        await using var host = await ApiHost.StartAsync(wall: _wall);

        var answer = await host.SendAsync(method, path, ApiHost.Operator, new byte[1024 * 1024 + 1]);

        answer.Status.ShouldBe(status);
        var entry = (await EntriesAsync(host)).ShouldHaveSingleItem();
        (Text(entry, "stage"), Text(entry, "problem")).ShouldBe(("refusal", answer["type"]));
        Text(entry, "status").ShouldBe(answer["status"]);
        Text(entry, "bodySha256").ShouldBeNull();
    }

    [Fact]
    public async Task A_slash_in_a_fleet_s_id_is_no_way_around_the_record()
    {
        await using var host = await ApiHost.StartAsync(wall: _wall);

        await host.SendAsync("PUT", "/v1/fleets/be/ta", ApiHost.Operator, Body);

        var entries = await EntriesAsync(host);
        entries.Select(entry => Text(entry, "target")).ShouldBe(["/v1/fleets/be/ta", "/v1/fleets/be/ta"]);
    }

    [Theory]
    [InlineData("GET", "/v1/fleets", ApiHost.Operator)]
    [InlineData("POST", "/v1/telemetry", ApiHost.Operator)]
    [InlineData("PUT", "/v1/fleets/beta", ApiHost.Auditor)]
    [InlineData("PUT", "/v1/fleets/beta", ApiHost.Acme)]
    [InlineData("POST", "/v1/quotes", ApiHost.Acme)]
    [InlineData("PUT", "/v1/fleets/beta", ApiHost.Anonymous)]
    public async Task Nothing_else_is_recorded(string method, string path, string who)
    {
        await using var host = await ApiHost.StartAsync(wall: _wall);

        await host.SendAsync(method, path, who, method == "GET" ? null : "[]");

        (await EntriesAsync(host)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_change_by_an_operator_is_audited_but_telemetry()
    {
        var unaudited = ApiRoutes
            .All.Where(route => route.Method != "GET" && route.Roles.HasFlag(Roles.Operator) && !route.IsAudited)
            .ToArray();

        unaudited.ShouldBe([ApiRoutes.PostTelemetry]);
        unaudited[0].UnauditedBecause.ShouldNotBeNullOrEmpty();
        ApiRoutes.All.ShouldAllBe(route => route.Method != "GET" || !route.IsAudited);
    }

    [Fact]
    public async Task Nothing_is_done_before_it_is_announced()
    {
        var log = new WatchfulLog();
        await using var host = await ApiHost.StartAsync(services => services.AddSingleton<IAuditLog>(log));
        var fleets = host.Services.GetRequiredService<IFleetDirectory>();
        var there = new List<(AuditStage, bool)>();
        log.OnAppend = async entry =>
            there.Add((entry.Stage, await fleets.FindAsync(FleetId.Parse("beta"), default) is not null));

        await host.SendAsync("PUT", Beta, ApiHost.Operator, Body);

        there.ShouldBe([(AuditStage.Intent, false), (AuditStage.Outcome, true)]);
    }

    [Fact]
    public async Task What_cannot_be_announced_is_not_done()
    {
        var log = new WatchfulLog();
        await using var host = await ApiHost.StartAsync(services => services.AddSingleton<IAuditLog>(log));
        log.OnAppend = _ => throw new IOException("full");

        var answer = await host.SendAsync("PUT", Beta, ApiHost.Operator, Body);

        (answer.Status, answer.Problem, answer.Headers["Retry-After"]).ShouldBe((503, "not-recorded", "5"));
        (await host.GetAsync(Beta, ApiHost.Operator)).Status.ShouldBe(404);
        host.Log.Lines.ShouldContain(line => line.Contains("PutFleet was not done") && line.Contains("full"));
    }

    [Fact]
    public async Task An_outcome_that_cannot_be_told_is_logged_and_the_intent_stands()
    {
        var log = new WatchfulLog();
        await using var host = await ApiHost.StartAsync(services => services.AddSingleton<IAuditLog>(log));
        log.OnAppend = entry => entry.Stage == AuditStage.Intent ? Task.CompletedTask : throw new IOException("full");

        var answer = await host.SendAsync("PUT", Beta, ApiHost.Operator, Body);

        answer.Status.ShouldBe(201);
        var intent = (await EntriesAsync(host)).ShouldHaveSingleItem();
        Text(intent, "stage").ShouldBe("intent");
        host.Log.Lines.ShouldContain(line =>
            line.Contains($"{Text(intent, "id")} has no outcome") && line.Contains("201")
        );
    }

    [Fact]
    public async Task A_refusal_that_cannot_be_recorded_is_no_answer()
    {
        var log = new WatchfulLog();
        await using var host = await ApiHost.StartAsync(services => services.AddSingleton<IAuditLog>(log));
        log.OnAppend = _ => throw new IOException("full");

        var answer = await host.SendAsync("POST", "/v1/quotes", ApiHost.Operator, "{}");

        (answer.Status, answer.Problem).ShouldBe((503, "not-recorded"));
    }

    [Fact]
    public async Task The_record_is_read_page_by_page_the_newest_last()
    {
        await using var host = await ApiHost.StartAsync(wall: _wall);
        for (var fleet = 0; fleet < 3; fleet++)
        {
            await host.SendAsync("PUT", $"/v1/fleets/f{fleet}", ApiHost.Operator, Body);
            _wall.Advance(TimeSpan.FromMinutes(1)); // past midnight
        }
        var targets = new List<string?>();
        var path = "/v1/audit?limit=4";

        while (path.Length > 0)
        {
            var page = await host.GetAsync(path, ApiHost.Auditor);
            page.Status.ShouldBe(200, page.Text);
            targets.AddRange(page.Json.GetProperty("entries").EnumerateArray().Select(e => Text(e, "target")));
            path = page.Json.TryGetProperty("next", out var next) ? $"/v1/audit?limit=4&cursor={next}" : "";
        }

        targets.ShouldBe([
            "/v1/fleets/f0",
            "/v1/fleets/f0",
            "/v1/fleets/f1",
            "/v1/fleets/f1",
            "/v1/fleets/f2",
            "/v1/fleets/f2",
        ]);
    }

    [Fact]
    public async Task The_record_is_read_from_an_instant_to_another_and_by_default_the_last_day()
    {
        await using var host = await ApiHost.StartAsync(wall: _wall);
        await host.SendAsync("PUT", "/v1/fleets/old", ApiHost.Operator, Body);
        _wall.Advance(TimeSpan.FromHours(25));
        await host.SendAsync("PUT", "/v1/fleets/new", ApiHost.Operator, Body);

        var latest = await EntriesAsync(host);
        var first = await EntriesAsync(host, "?from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z");
        var all = await EntriesAsync(host, "?from=2026-11-01T00:00:00Z");
        var backwards = await host.GetAsync("/v1/audit?from=2026-11-25T00:00:00Z&to=2026-11-24T00:00:00Z", "auditor");

        latest.Select(entry => Text(entry, "target")).Distinct().ShouldBe(["/v1/fleets/new"]);
        first.Select(entry => Text(entry, "target")).Distinct().ShouldBe(["/v1/fleets/old"]);
        all.Count.ShouldBe(4);
        (backwards.Status, backwards.Fields.Single()).ShouldBe((422, "from"));
    }

    private static async Task<IReadOnlyList<JsonElement>> EntriesAsync(ApiHost host, string query = "")
    {
        var answer = await host.GetAsync("/v1/audit" + query, ApiHost.Auditor);
        answer.Status.ShouldBe(200, answer.Text);
        return [.. answer.Json.GetProperty("entries").EnumerateArray()];
    }

    private static string? Text(JsonElement entry, string member) =>
        entry.TryGetProperty(member, out var value) ? value.ToString() : null;

    private sealed class WatchfulLog : IAuditLog
    {
        private readonly InMemoryAuditLog _inner = new();

        public Func<AuditEntry, Task> OnAppend { get; set; } = _ => Task.CompletedTask;

        public async Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
        {
            await OnAppend(entry);
            await _inner.AppendAsync(entry, cancellationToken);
        }

        public Task<AuditPage> ListAsync(
            DateTimeOffset from,
            DateTimeOffset? to,
            AuditId? after,
            int most,
            CancellationToken cancellationToken
        ) => _inner.ListAsync(from, to, after, most, cancellationToken);
    }

    private sealed class BrokenDirectory : IFleetDirectory
    {
        public Task<Versioned<Fleet>?> FindAsync(FleetId id, CancellationToken cancellationToken) => throw Gone();

        public Task<IReadOnlyList<Versioned<Fleet>>> ListAsync(int shard, CancellationToken cancellationToken) =>
            throw Gone();

        public Task<long> StampAsync(int shard, CancellationToken cancellationToken) => throw Gone();

        public Task<string?> TryPutAsync(Fleet fleet, string? ifMatch, CancellationToken cancellationToken) =>
            throw Gone();

        public Task<bool> TryDeleteAsync(FleetId id, string ifMatch, CancellationToken cancellationToken) =>
            throw Gone();

        private static IOException Gone() => new("gone");
    }
}
