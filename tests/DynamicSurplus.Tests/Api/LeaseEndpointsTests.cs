using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class LeaseEndpointsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_quote_says_all_that_binds_and_what_it_comes_to()
    {
        await using var host = await ApiHost.WithFleetAsync();

        var quote = await host.SendAsync(
            "POST",
            "/v1/quotes",
            ApiHost.Acme,
            """{"fleet":"alpha","tier":"spot","gpus":8,"termSeconds":5400,"maxRate":"2.5"}"""
        );

        quote.Status.ShouldBe(201, quote.Text);
        quote["quoteId"].ShouldBe(quote["id"]);
        quote.Headers["Location"].ShouldBe($"/v1/leases/{quote["id"]}");
        (quote["status"], quote["tenant"], quote["fleet"], quote["tier"]).ShouldBe(("held", "acme", "alpha", "spot"));
        (quote["gpus"], quote["termSeconds"], quote["noticeSeconds"], quote["minimumRunSeconds"]).ShouldBe(
            ("8", "5400", "120", "600")
        );
        quote.Json.GetProperty("ratePerGpuHour").ToString().ShouldBe(Money("1.4625", "USD per GPU-hour"));
        quote.Json.GetProperty("ratePerHour").ToString().ShouldBe(Money("11.7000", "USD per hour"));
        quote.Json.GetProperty("estimatedTotal").ToString().ShouldBe(Money("17.550000", "USD"));
        quote.Json.GetProperty("maxRate").ToString().ShouldBe(Money("2.5000", "USD per GPU-hour"));
        quote["heldAt"].ShouldBe("2026-08-22T10:01:00.000Z");
        quote["expiresAt"].ShouldBe("2026-08-22T10:02:00.000Z");
        var interruption = quote.Json.GetProperty("interruption");
        interruption.GetProperty("probabilityPerHour").GetDouble().ShouldBeInRange(0, 1);
        interruption.GetProperty("probabilityForTerm").GetDouble().ShouldBeInRange(0, 1);
        interruption.GetProperty("band").GetString().ShouldEndWith("%");
    }

    [Fact]
    public async Task A_firm_quote_costs_more_names_its_last_instant_and_no_interruption()
    {
        await using var host = await ApiHost.WithFleetAsync();

        var quote = await host.SendAsync(
            "POST",
            "/v1/quotes",
            ApiHost.Acme,
            new
            {
                fleet = "alpha",
                tier = "firm",
                gpus = 1,
                termSeconds = 3600,
            }
        );

        quote.Json.GetProperty("ratePerGpuHour").GetProperty("amount").GetString().ShouldBe("1.8281");
        quote["endsAtLatest"].ShouldBe("2026-08-22T11:01:00.000Z");
        quote.Json.TryGetProperty("interruption", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_lease_runs_from_its_quote_to_its_settlement()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var id = await host.QuoteAsync(gpus: 8);

        var accepted = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, new { quoteId = id });
        host.Time.Advance(TimeSpan.FromMinutes(30));
        var running = await host.GetAsync($"/v1/leases/{id}/statement", ApiHost.Acme);
        host.Time.Advance(TimeSpan.FromMinutes(15));
        var ended = await host.SendAsync("POST", $"/v1/leases/{id}/end", ApiHost.Acme);
        var settled = await host.GetAsync($"/v1/leases/{id}/statement", ApiHost.Auditor);
        var events = await host.GetAsync($"/v1/leases/{id}/events", ApiHost.Acme);

        (accepted.Status, accepted["id"], accepted["status"]).ShouldBe((201, id, "active"));
        accepted.Headers["Location"].ShouldBe($"/v1/leases/{id}");
        accepted["endsAt"].ShouldBe("2026-08-22T11:01:00.000Z");
        running["state"].ShouldBe("provisional");
        running.Json.GetProperty("total").ToString().ShouldBe(Money("5.850000", "USD"));
        (ended["status"], ended["endReason"], ended["billedSeconds"]).ShouldBe(
            ("settled", "ended-by-customer", "2700")
        );
        ended.Json.GetProperty("amount").ToString().ShouldBe(Money("8.775000", "USD"));
        settled["state"].ShouldBe("settled");
        settled.Json.GetProperty("total").ToString().ShouldBe(Money("8.775000", "USD"));
        var line = settled.Json.GetProperty("lines").EnumerateArray().ShouldHaveSingleItem();
        (line.GetProperty("gpus").GetInt32(), line.GetProperty("seconds").GetInt64()).ShouldBe((8, 2700));
        Types(events).ShouldBe(["held", "accepted", "granted", "ended", "settled"]);
    }

    [Fact]
    public async Task Constraints_are_quoted_and_accepted_in_one()
    {
        await using var host = await ApiHost.WithFleetAsync();

        var lease = await host.SendAsync(
            "POST",
            "/v1/leases",
            ApiHost.Acme,
            new
            {
                sku = "h100",
                region = "eu-north-1",
                gpus = 2,
                termSeconds = 600,
            }
        );

        (lease.Status, lease["status"], lease["fleet"]).ShouldBe((201, "active", "alpha"));
        lease.Json.TryGetProperty("quoteId", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Events_carry_what_makes_them_evidence_and_are_read_on_from_a_version()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var id = await host.LeaseAsync();

        var all = await host.GetAsync($"/v1/leases/{id}/events", ApiHost.Acme);
        var rest = await host.GetAsync($"/v1/leases/{id}/events?after=2", ApiHost.Acme);

        var events = all.Json.GetProperty("events");
        events[0].GetProperty("previousHash").GetString().ShouldBe(new string('0', 64));
        events[1].GetProperty("previousHash").GetString()!.Length.ShouldBe(64);
        events[1].GetProperty("commandId").GetString()!.ShouldStartWith("accept-");
        events[1].GetProperty("causingTick").GetString().ShouldBe("2026-08-22T10:01:00.000Z");
        events[2].GetProperty("endsAt").GetString().ShouldBe("2026-08-22T11:01:00.000Z");
        Types(rest).ShouldBe(["granted"]);
    }

    [Fact]
    public async Task A_reclaim_is_seen_with_its_reason_and_deadline()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var id = await host.LeaseAsync();
        var reclaim = new LeaseCommand.Reclaim(
            CommandId.From("reclaim"),
            host.Time.GetUtcNow(),
            Tick.None,
            ReclaimReason.InternalDemand
        );
        await host.Services.GetRequiredService<HandleLeaseCommand>().RunAsync(LeaseId.Parse(id), reclaim, Cancelled);

        var lease = await host.GetAsync($"/v1/leases/{id}", ApiHost.Acme);
        var events = await host.GetAsync($"/v1/leases/{id}/events?after=3", ApiHost.Acme);

        lease["status"].ShouldBe("reclaiming");
        var seen = lease.Json.GetProperty("reclaim");
        seen.GetProperty("reason").GetString().ShouldBe("internal-demand");
        seen.GetProperty("deadline").GetString().ShouldBe("2026-08-22T10:03:00.000Z");
        Types(events).ShouldBe(["reclaim-decided", "notice-sent"]);
        events.Json.GetProperty("events")[1].GetProperty("deadline").GetString().ShouldBe("2026-08-22T10:03:00.000Z");
    }

    [Theory]
    [InlineData("""{"fleet":"alpha","gpus":0,"termSeconds":600}""", 422, "invalid-request", "gpus")]
    [InlineData("""{"fleet":"alpha","gpus":-4,"termSeconds":600}""", 422, "invalid-request", "gpus")]
    [InlineData("""{"fleet":"alpha","gpus":1.5,"termSeconds":600}""", 422, "invalid-request", "gpus")]
    [InlineData("""{"fleet":"alpha","gpus":1e12,"termSeconds":600}""", 422, "invalid-request", "gpus")]
    [InlineData("""{"fleet":"alpha","gpus":"4","termSeconds":600}""", 400, "malformed-request", "gpus")]
    [InlineData("""{"fleet":"alpha","termSeconds":600}""", 422, "invalid-request", "gpus")]
    [InlineData("""{"fleet":"alpha","gpus":1}""", 422, "invalid-request", "termSeconds")]
    [InlineData("""{"fleet":"alpha","gpus":1,"termSeconds":0}""", 422, "invalid-request", "termSeconds")]
    [InlineData("""{"fleet":"alpha","gpus":1,"termSeconds":299}""", 422, "term-out-of-range", "termSeconds")]
    [InlineData("""{"fleet":"alpha","gpus":1,"termSeconds":604801}""", 422, "term-out-of-range", "termSeconds")]
    [InlineData("""{"fleet":"alpha","gpus":1,"termSeconds":600,"maxRate":"0"}""", 422, "invalid-request", "maxRate")]
    [InlineData("""{"fleet":"alpha","gpus":1,"termSeconds":600,"maxRate":"-1"}""", 422, "invalid-request", "maxRate")]
    [InlineData(
        """{"fleet":"alpha","gpus":1,"termSeconds":600,"maxRate":"0.1"}""",
        422,
        "max-rate-below-floor",
        "maxRate"
    )]
    [InlineData("""{"fleet":"alpha","gpus":1,"termSeconds":600,"maxRate":"1"}""", 409, "rate-above-max", "maxRate")]
    [InlineData("""{"fleet":"alpha","gpus":51,"termSeconds":600}""", 409, "not-enough-gpus", "gpus")]
    [InlineData("""{"fleet":"omega","gpus":1,"termSeconds":600}""", 422, "unknown-fleet", "fleet")]
    [InlineData("""{"fleet":"a/b","gpus":1,"termSeconds":600}""", 422, "invalid-request", "fleet")]
    [InlineData("""{"sku":"Abacus","gpus":1,"termSeconds":600}""", 422, "unknown-sku", "sku")]
    [InlineData("""{"sku":"H100","region":"moon","gpus":1,"termSeconds":600}""", 422, "no-such-fleet", "region")]
    [InlineData(
        """{"fleet":"alpha","workloadClass":"build","gpus":1,"termSeconds":600}""",
        422,
        "wrong-workload-class",
        "workloadClass"
    )]
    [InlineData("""{"gpus":1,"termSeconds":600}""", 422, "invalid-request", "fleet")]
    [InlineData("""{"fleet":"alpha","tier":"gold","gpus":1,"termSeconds":600}""", 400, "malformed-request", "tier")]
    [InlineData("""{"fleet":"alpha","gpus":1,"gpus":2,"termSeconds":600}""", 400, "malformed-request", "gpus")]
    [InlineData(
        """{"fleet":"alpha","gpus":1,"termSeconds":600,"tenant":"globex"}""",
        400,
        "malformed-request",
        "tenant"
    )]
    public async Task A_wish_that_cannot_be_met_is_refused_by_field(
        string body,
        int status,
        string problem,
        string field
    )
    {
        await using var host = await ApiHost.WithFleetAsync();

        foreach (var path in (string[])["/v1/quotes", "/v1/leases"])
        {
            var answer = await host.SendAsync("POST", path, ApiHost.Acme, body);

            (answer.Status, answer.Problem, answer.Fields.Single()).ShouldBe((status, problem, field), answer.Text);
            answer.Json.GetProperty("errors")[0].GetProperty("fix").GetString().ShouldNotBeNullOrEmpty();
        }
        var leases = await host.GetAsync("/v1/leases", ApiHost.Acme);
        leases.Json.GetProperty("leases").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_label_that_no_fleet_can_have_is_refused_shortly()
    {
        await using var host = await ApiHost.WithFleetAsync();

        var answer = await host.SendAsync(
            "POST",
            "/v1/quotes",
            ApiHost.Acme,
            new
            {
                sku = new string('x', 100_000),
                region = "",
                gpus = 1,
                termSeconds = 600,
            }
        );

        (answer.Status, answer.Problem).ShouldBe((422, "invalid-request"));
        answer.Fields.ShouldBe(["sku", "region"]);
        answer.Body.Length.ShouldBeLessThan(2_000);
    }

    [Fact]
    public async Task What_cannot_be_had_comes_with_what_can_and_when_to_try_again()
    {
        await using var host = await ApiHost.WithFleetAsync();
        host.Time.Advance(TimeSpan.FromSeconds(15));

        var answer = await host.SendAsync(
            "POST",
            "/v1/quotes",
            ApiHost.Acme,
            new
            {
                sku = "H100",
                gpus = 60,
                termSeconds = 600,
            }
        );

        answer.Headers["Retry-After"].ShouldBe("45");
        var instead = answer.Json.GetProperty("alternatives").EnumerateArray().ShouldHaveSingleItem();
        instead.GetProperty("fleet").GetString().ShouldBe("alpha");
        instead.GetProperty("gpus").GetInt32().ShouldBe(50);
        instead.GetProperty("ratePerGpuHour").GetProperty("amount").GetString().ShouldBe("1.4625");
        instead.GetProperty("termMaxSeconds").GetInt64().ShouldBe(604_800);
    }

    [Fact]
    public async Task A_quote_is_accepted_once()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var quoteId = await host.QuoteAsync();
        await host.AcceptAsync(quoteId);

        var again = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, new { quoteId });

        (again.Status, again.Problem).ShouldBe((409, "quote-already-accepted"));
    }

    [Fact]
    public async Task A_quote_is_accepted_until_it_expires_and_not_after()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var (early, late) = (await host.QuoteAsync(), await host.QuoteAsync());

        host.Time.Advance(TimeSpan.FromSeconds(60));
        await host.AcceptAsync(early);
        host.Time.Advance(TimeSpan.FromMilliseconds(1));
        var answer = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, new { quoteId = late });

        (answer.Status, answer.Problem).ShouldBe((410, "quote-expired"));
    }

    [Theory]
    [InlineData("{\"quoteId\":\"00000000000000000000000000000000\"}", 404, "lease-not-found")]
    [InlineData("{\"quoteId\":\"nonsense\"}", 404, "lease-not-found")]
    [InlineData("{\"quoteId\":\"00000000000000000000000000000000\",\"gpus\":1}", 400, "malformed-request")]
    public async Task A_quote_that_is_none_cannot_be_accepted(string body, int status, string problem)
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, body);

        (answer.Status, answer.Problem).ShouldBe((status, problem));
    }

    [Fact]
    public async Task Another_customer_s_lease_looks_like_none()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var (lease, quoteId) = (await host.LeaseAsync(), await host.QuoteAsync());

        var theirs = await host.GetAsync($"/v1/leases/{lease}", ApiHost.Globex);
        var none = await host.GetAsync($"/v1/leases/{new string('0', 32)}", ApiHost.Globex);
        var accept = await host.SendAsync("POST", "/v1/leases", ApiHost.Globex, new { quoteId });
        var list = await host.GetAsync("/v1/leases", ApiHost.Globex);

        (theirs.Status, theirs.Text).ShouldBe((404, none.Text));
        accept.Status.ShouldBe(404);
        list.Json.GetProperty("leases").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Leases_are_listed_page_by_page()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var mine = new[]
        {
            await host.LeaseAsync(gpus: 1),
            await host.LeaseAsync(gpus: 1),
            await host.LeaseAsync(gpus: 1),
        };
        var theirs = await host.LeaseAsync(ApiHost.Globex, gpus: 1);

        var first = await host.GetAsync("/v1/leases?limit=2", ApiHost.Acme);
        var second = await host.GetAsync($"/v1/leases?limit=2&cursor={first["next"]}", ApiHost.Acme);
        var all = await host.GetAsync("/v1/leases", ApiHost.Auditor);

        Ids(first).Concat(Ids(second)).ShouldBe(mine, ignoreOrder: true);
        second.Json.TryGetProperty("next", out _).ShouldBeFalse();
        Ids(all).ShouldBe([.. mine, theirs], ignoreOrder: true);
    }

    [Fact]
    public async Task A_quote_that_is_ended_lapses()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var id = await host.QuoteAsync();

        var ended = await host.SendAsync("POST", $"/v1/leases/{id}/end", ApiHost.Acme, "{}");
        var statement = await host.GetAsync($"/v1/leases/{id}/statement", ApiHost.Acme);

        (ended.Status, ended["status"]).ShouldBe((200, "lapsed"));
        statement.Json.GetProperty("lines").GetArrayLength().ShouldBe(0);
        (await host.QuoteAsync(gpus: 50)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_end_that_says_something_is_not_understood()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var id = await host.LeaseAsync();

        var answer = await host.SendAsync("POST", $"/v1/leases/{id}/end", ApiHost.Acme, """{"at":"tomorrow"}""");

        (answer.Status, answer.Fields.Single()).ShouldBe((400, "at"));
    }

    private static string Money(string amount, string unit) =>
        $$"""{"amount":"{{amount}}","currency":"USD","unit":"{{unit}}"}""";

    private static IEnumerable<string> Types(ApiHost.Answer events) =>
        events.Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()!);

    private static IEnumerable<string> Ids(ApiHost.Answer list) =>
        list.Json.GetProperty("leases").EnumerateArray().Select(lease => lease.GetProperty("id").GetString()!);
}
