using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class FleetEndpointsTests
{
    private const string Alpha = "/v1/fleets/alpha";
    private const string Server = "telemetry.prometheus.server";
    private const string Queued = "telemetry.prometheus.queued";
    private const string Minimal = """{"region":"eu-north-1","sku":"H100"}""";

    [Fact]
    public async Task A_fleet_is_made_with_the_defaults_of_its_sku()
    {
        await using var host = await ApiHost.StartAsync();

        var made = await host.SendAsync("PUT", Alpha, ApiHost.Operator, Minimal);

        (made.Status, made.Headers["Location"]).ShouldBe((201, Alpha));
        var policy = made.Json.GetProperty("policy");
        policy.GetProperty("ceiling").GetString().ShouldBe("3.2500");
        policy.GetProperty("floor").GetString().ShouldBe("0.4875");
        policy.GetProperty("noticeSeconds").GetInt32().ShouldBe(120);
        made.Json.GetProperty("attributes").GetProperty("workloadClass").GetString().ShouldBe("model");
    }

    [Fact]
    public async Task What_was_read_can_be_sent_back_and_changes_nothing()
    {
        await using var host = await ApiHost.StartAsync();
        var full = """
            {"region":"eu-north-1","sku":"M4","pool":"ci","team":"apps","demandIncludesLeased":true,
             "attributes":{"interconnect":"ethernet","orchestration":"ssh","residency":"eu","workloadClass":"build"},
             "policy":{"ceiling":"0.95","floor":0.1,"monopoly":"0.4","kappa":0.25,"minimumRunSeconds":0},
             "power":{"budgetWatts":5000,"wattsPerGpu":65},
             "provisioner":{"webhook":"https://controller.example/leases"},
             "telemetry":{"prometheus":{"server":"https://prometheus.example/n/","healthy":"a","running":"b > 0",
                                        "queued":"c or vector(0)","watts":"d"}}}
            """;
        await host.SendAsync("PUT", Alpha, ApiHost.Operator, full);
        var read = await host.GetAsync(Alpha, ApiHost.Auditor);

        var again = await host.SendAsync("PUT", Alpha, ApiHost.Operator, read.Text);

        again.Status.ShouldBe(200, again.Text);
        again.Headers["ETag"].ShouldBe(read.Headers["ETag"]);
        var telemetry = again.Json.GetProperty("telemetry").GetProperty("prometheus");
        telemetry.GetProperty("server").GetString().ShouldBe("https://prometheus.example/n/");
        telemetry.GetProperty("queued").GetString().ShouldBe("c or vector(0)");
        var status = again.Json.GetProperty("status");
        status.GetProperty("revision").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_change_names_the_version_that_it_changes()
    {
        await using var host = await ApiHost.StartAsync();
        var first = await host.SendAsync("PUT", Alpha, ApiHost.Operator, Minimal);
        var changed = """{"region":"eu-north-1","sku":"H100","team":"research"}""";

        var blind = await host.SendAsync("PUT", Alpha, ApiHost.Operator, changed);
        var right = await PutAsync(("If-Match", first.Headers["ETag"]));
        var stale = await PutAsync(("If-Match", first.Headers["ETag"]));
        var forged = await PutAsync(("If-Match", "\"***\""));
        var whatever = await PutAsync(("If-Match", "*"));
        var asNew = await PutAsync(("If-None-Match", "*"));
        var unquoted = await PutAsync(("If-Match", "abc"));

        (blind.Status, blind.Problem).ShouldBe((428, "version-needed"));
        blind.Headers["ETag"].ShouldBe(first.Headers["ETag"]);
        right.Status.ShouldBe(200);
        right.Headers["ETag"].ShouldNotBe(first.Headers["ETag"]);
        (stale.Status, stale.Problem).ShouldBe((412, "stale-version"));
        stale.Headers["ETag"].ShouldBe(right.Headers["ETag"]);
        forged.Status.ShouldBe(412);
        whatever.Status.ShouldBe(200);
        asNew.Status.ShouldBe(412);
        (unquoted.Status, unquoted.Fields.Single()).ShouldBe((400, "If-Match"));

        Task<ApiHost.Answer> PutAsync((string, string) header) =>
            host.SendAsync("PUT", Alpha, ApiHost.Operator, changed, headers: header);
    }

    [Fact]
    public async Task A_version_of_a_fleet_that_is_not_there_is_stale()
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.SendAsync("PUT", Alpha, ApiHost.Operator, Minimal, headers: ("If-Match", "\"Mw\""));

        (answer.Status, answer.Problem).ShouldBe((412, "stale-version"));
    }

    [Theory]
    [InlineData("/v1/fleets/a/b")]
    [InlineData("/v1/fleets/a%2Fb")]
    [InlineData("/v1/fleets/Alpha")]
    [InlineData("/v1/fleets/-a")]
    [InlineData("/v1/fleets/0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task An_id_of_another_shape_is_told_the_shape(string path)
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.SendAsync("PUT", path, ApiHost.Operator, Minimal);

        (answer.Status, answer.Problem, answer.Fields.Single()).ShouldBe((422, "invalid-request", "fleet"));
        answer["detail"].ShouldContain("1 to 63 characters");
    }

    [Theory]
    [InlineData("""{"policy":{"floor":"2","ceiling":"1"}}""", 422, "policy.floor")]
    [InlineData("""{"policy":{"wall":0}}""", 422, "policy.wall")]
    [InlineData("""{"policy":{"wall":1.01}}""", 422, "policy.wall")]
    [InlineData("""{"policy":{"elasticity":0}}""", 422, "policy.elasticity")]
    [InlineData("""{"policy":{"elasticity":-3}}""", 422, "policy.elasticity")]
    [InlineData("""{"policy":{"elasticity":1e999}}""", 422, "policy.elasticity")]
    [InlineData("""{"policy":{"noticeSeconds":1.5}}""", 422, "policy.noticeSeconds")]
    [InlineData("""{"policy":{"noticeSeconds":1e12}}""", 422, "policy.noticeSeconds")]
    [InlineData("""{"policy":{"ceiling":"3.25001"}}""", 422, "policy.ceiling")]
    [InlineData("""{"policy":{"ceiling":"-1"}}""", 422, "policy.ceiling")]
    [InlineData("""{"policy":{"ceiling":"1e3"}}""", 400, "policy.ceiling")]
    [InlineData("""{"policy":{"wall":"0.85"}}""", 400, "policy.wall")]
    [InlineData("""{"policy":{"wal":0.85}}""", 400, "policy.wal")]
    [InlineData("""{"policy":{"wall":0.85,"wall":0.9}}""", 400, "policy.wall")]
    [InlineData("""{"policy":[]}""", 400, "policy")]
    [InlineData("""{"attributes":{"workloadClass":"games"}}""", 400, "attributes.workloadClass")]
    [InlineData("""{"attributes":{"workloadClass":1}}""", 400, "attributes.workloadClass")]
    [InlineData("""{"region":7}""", 400, "region")]
    [InlineData("""{"region":"a b"}""", 422, "region")]
    [InlineData("""{"region":""}""", 422, "region")]
    [InlineData("""{"sku":"Abacus"}""", 422, "policy.ceiling")]
    [InlineData("""{"id":"beta"}""", 422, "id")]
    [InlineData("""{"power":{"budgetWatts":0,"wattsPerGpu":700}}""", 422, "power.budgetWatts")]
    [InlineData("""{"power":{"budgetWatts":9000}}""", 422, "power.wattsPerGpu")]
    [InlineData("""{"provisioner":{"webhook":"ftp://x/y"}}""", 422, "provisioner.webhook")]
    [InlineData("""{"provisioner":{"webhook":"nonsense"}}""", 422, "provisioner.webhook")]
    [InlineData("""{"Region":"x"}""", 400, "Region")]
    [InlineData("""{"telemetry":{}}""", 422, "telemetry.prometheus")]
    [InlineData("""{"telemetry":{"prometheus":{"server":"https://p","healthy":"a","running":"b"}}}""", 422, Queued)]
    [InlineData("""{"telemetry":{"prometheus":{"healthy":"a","running":"b","queued":"c"}}}""", 422, Server)]
    [InlineData("""{"telemetry":{"prometheus":{"server":7}}}""", 400, Server)]
    [InlineData("""{"telemetry":{"prometheus":{"url":"https://p"}}}""", 400, "telemetry.prometheus.url")]
    [InlineData(
        """{"telemetry":{"prometheus":{"server":"ftp://p","healthy":"a","running":"b","queued":"c"}}}""",
        422,
        Server
    )]
    public async Task A_description_that_is_wrong_is_refused_by_field(string change, int status, string field)
    {
        await using var host = await ApiHost.StartAsync();
        var changes = JsonDocument.Parse(change).RootElement.EnumerateObject().Select(member => member.Name);
        var rest = new[] { "\"region\":\"eu\"", "\"sku\":\"H100\"" }.Where(member =>
            !changes.Any(name => member.StartsWith($"\"{name}\"", StringComparison.Ordinal))
        );

        var answer = await host.SendAsync(
            "PUT",
            Alpha,
            ApiHost.Operator,
            $"{change[..^1]},{string.Join(',', rest)}".TrimEnd(',') + "}"
        );

        (answer.Status, answer.Fields.Single()).ShouldBe((status, field), answer.Text);
        (await host.GetAsync(Alpha, ApiHost.Operator)).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("{\"region\":\"eu\",", "line 1, byte")]
    [InlineData("null", "is null")]
    [InlineData("[]", "is an array")]
    [InlineData("{} {}", "line 1, byte 4")]
    public async Task A_body_that_is_no_object_is_refused(string body, string problem)
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.SendAsync("PUT", Alpha, ApiHost.Operator, body);

        (answer.Status, answer.Problem, answer.Fields.Single()).ShouldBe((400, "malformed-request", "body"));
        answer["detail"].ShouldContain(problem);
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        await using var host = await ApiHost.StartAsync();

        var shape = await host.SendAsync(
            "PUT",
            Alpha,
            ApiHost.Operator,
            """{"region":1,"policy":{"wal":1,"wall":"x"}}"""
        );
        var values = await host.SendAsync(
            "PUT",
            Alpha,
            ApiHost.Operator,
            """{"region":"a b","sku":"H100","policy":{"wall":2,"kappa":0}}"""
        );

        shape.Fields.ShouldBe(["region", "policy.wal", "policy.wall"]);
        values.Fields.ShouldBe(["region", "policy.wall", "policy.kappa"]);
    }

    [Fact]
    public async Task The_answer_to_a_body_of_nothing_but_errors_is_short()
    {
        await using var host = await ApiHost.StartAsync();
        var members = Enumerable.Range(0, 50_000).Select(n => $"\"m{n}\":{n}");

        var answer = await host.SendAsync("PUT", Alpha, ApiHost.Operator, $"{{{string.Join(',', members)}}}");

        (answer.Status, answer.Fields.Count).ShouldBe((400, 20));
    }

    [Theory]
    [InlineData("{\"region\":\"\u00FF\"}")]
    [InlineData("{\"reg\u00FFion\":1}")]
    [InlineData("{\"region\":\"\\ud800\"}")]
    [InlineData("{\"reg\\ud800\":1}")]
    public async Task Text_that_is_no_unicode_is_refused(string bytes)
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.SendAsync("PUT", Alpha, ApiHost.Operator, Encoding.Latin1.GetBytes(bytes));

        (answer.Status, answer.Problem).ShouldBe((400, "malformed-request"), answer.Text);
        answer["detail"].ShouldContain("Unicode");
    }

    [Fact]
    public async Task A_fleet_without_leases_goes_at_once()
    {
        await using var host = await ApiHost.StartAsync();
        await host.SendAsync("PUT", Alpha, ApiHost.Operator, Minimal);

        var deleted = await host.SendAsync("DELETE", Alpha, ApiHost.Operator);
        var again = await host.SendAsync("DELETE", Alpha, ApiHost.Operator);

        (deleted.Status, deleted.Body.Length).ShouldBe((204, 0));
        (again.Status, again.Problem).ShouldBe((404, "fleet-not-found"));
    }

    [Fact]
    public async Task A_fleet_with_leases_drains_and_goes_when_the_last_has_ended()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var lease = await host.LeaseAsync();
        var read = await host.GetAsync(Alpha, ApiHost.Operator);

        var stale = await host.SendAsync("DELETE", Alpha, ApiHost.Operator, headers: ("If-Match", "\"AA\""));
        var deleted = await host.SendAsync(
            "DELETE",
            Alpha,
            ApiHost.Operator,
            headers: ("If-Match", read.Headers["ETag"])
        );
        var edited = await host.SendAsync("PUT", Alpha, ApiHost.Operator, Minimal, headers: ("If-Match", "*"));
        var quote = await host.SendAsync(
            "POST",
            "/v1/quotes",
            ApiHost.Globex,
            new
            {
                fleet = "alpha",
                gpus = 1,
                termSeconds = 600,
            }
        );
        await host.SendAsync("POST", $"/v1/leases/{lease}/end", ApiHost.Acme);
        await host.TickAsync(running: 20);

        stale.Status.ShouldBe(412);
        deleted.Status.ShouldBe(202);
        deleted.Json.GetProperty("status").GetProperty("draining").GetBoolean().ShouldBeTrue();
        (edited.Status, edited.Problem).ShouldBe((409, "fleet-draining"));
        (quote.Status, quote.Problem).ShouldBe((409, "fleet-closed"));
        (await host.GetAsync(Alpha, ApiHost.Operator)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_paused_fleet_sells_nothing_until_it_is_resumed()
    {
        await using var host = await ApiHost.WithFleetAsync();

        var paused = await host.SendAsync("POST", $"{Alpha}/pause", ApiHost.Operator);
        var refused = await host.SendAsync(
            "POST",
            "/v1/quotes",
            ApiHost.Acme,
            new
            {
                fleet = "alpha",
                gpus = 1,
                termSeconds = 600,
            }
        );
        await host.SendAsync("POST", $"{Alpha}/resume", ApiHost.Operator);

        paused.Json.GetProperty("status").GetProperty("paused").GetBoolean().ShouldBeTrue();
        (refused.Status, refused.Problem).ShouldBe((409, "fleet-closed"));
        (await host.QuoteAsync(gpus: 1)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_is_sold_and_what_was_refused_stand_beside_the_fleet()
    {
        await using var host = await ApiHost.WithFleetAsync();
        await host.LeaseAsync(gpus: 5);
        await host.QuoteAsync(gpus: 3);
        await host.SendAsync(
            "POST",
            "/v1/telemetry",
            ApiHost.Operator,
            """[{"fleet":"alpha","at":"2026-08-22T10:01:00Z","healthy":-1,"running":0,"queued":0}]"""
        );

        var status = (await host.GetAsync(Alpha, ApiHost.Operator)).Json.GetProperty("status");

        status.GetProperty("leasedGpus").GetInt32().ShouldBe(5);
        status.GetProperty("heldGpus").GetInt32().ShouldBe(3);
        status.GetProperty("refusals").GetProperty("count").GetInt32().ShouldBe(1);
        status.GetProperty("refusals").GetProperty("latest")[0].GetProperty("field").GetString().ShouldBe("healthy");
    }

    [Fact]
    public async Task Fleets_are_listed_page_by_page_over_all_shards()
    {
        await using var host = await ApiHost.StartAsync(options: new() { ShardCount = 3 });
        string[] ids = ["a", "b", "c", "d", "e", "f", "g"];
        foreach (var id in ids)
        {
            await host.SendAsync("PUT", $"/v1/fleets/{id}", ApiHost.Operator, Minimal);
        }

        var (listed, cursor, pages) = (new List<string>(), "", 0);
        do
        {
            var page = await host.GetAsync($"/v1/fleets?limit=2{cursor}", ApiHost.Operator);
            var fleets = page.Json.GetProperty("fleets").EnumerateArray().Select(f => f.GetProperty("id").GetString()!);
            listed.AddRange(fleets);
            cursor = page.Json.TryGetProperty("next", out var next) ? $"&cursor={next}" : "";
            pages++;
        } while (cursor.Length > 0);

        listed.ShouldBe(ids, ignoreOrder: true);
        pages.ShouldBe(4);
    }
}
