using DynamicSurplus.Engine.Steps;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>Renewals, drills, notice tiers, caps and corrections over HTTP.</summary>
public sealed class LeaseChangesTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(30, "1.3894")]
    [InlineData(120, "1.4625")]
    [InlineData(600, "1.6088")]
    public async Task Notice_tier_has_its_price_and_is_promised(int seconds, string rate)
    {
        await using var host = await ApiHost.WithFleetAsync();

        var quote = await QuoteAsync(host, $"\"noticeSeconds\":{seconds}");

        (quote["noticeSeconds"], Amount(quote, "ratePerGpuHour")).ShouldBe(($"{seconds}", rate));
    }

    [Theory]
    [InlineData("\"noticeSeconds\":60", "noticeSeconds")]
    [InlineData("\"noticeSeconds\":30,\"tier\":\"firm\"", "noticeSeconds")]
    [InlineData("\"minGpus\":0", "minGpus")]
    [InlineData("\"minGpus\":9", "minGpus")]
    [InlineData("\"minGpus\":1,\"tier\":\"firm\"", "minGpus")]
    [InlineData("\"spendCap\":\"0\"", "spendCap")]
    [InlineData("\"spendCap\":\"-1\"", "spendCap")]
    [InlineData("\"spendCap\":\"0.0000001\"", "spendCap")]
    public async Task What_cannot_be_promised_is_refused_by_its_field(string members, string field)
    {
        await using var host = await ApiHost.WithFleetAsync();

        var quote = await QuoteAsync(host, members);

        (quote.Status, quote.Problem).ShouldBe((422, "invalid-request"));
        quote.Fields.ShouldBe([field]);
    }

    [Fact]
    public async Task Renewal_adds_a_term_at_the_rate_of_the_moment_once_a_key()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var lease = await host.LeaseAsync();
        var before = await host.GetAsync($"/v1/leases/{lease}", ApiHost.Acme);

        var renewed = await host.SendAsync("POST", $"/v1/leases/{lease}/renew", ApiHost.Acme, key: "r-1");
        var repeated = await host.SendAsync("POST", $"/v1/leases/{lease}/renew", ApiHost.Acme, key: "r-1");
        var second = await host.SendAsync("POST", $"/v1/leases/{lease}/renew", ApiHost.Acme, new { termSeconds = 600 });

        renewed.Status.ShouldBe(200, renewed.Text);
        EndOf(renewed).ShouldBe(EndOf(before).AddHours(1));
        repeated["endsAt"].ShouldBe(renewed["endsAt"]);
        EndOf(second).ShouldBe(EndOf(renewed).AddMinutes(10));
    }

    [Fact]
    public async Task Firm_lease_is_renewed_no_further_than_the_margin_answers_for()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var lease = await host.LeaseAsync(tier: "firm");
        var early = await host.SendAsync("POST", $"/v1/leases/{lease}/renew", ApiHost.Acme);
        await host.TickAsync(running: 20, "alpha");
        await host.TickAsync(running: 20, "alpha");

        var later = await host.SendAsync("POST", $"/v1/leases/{lease}/renew", ApiHost.Acme);

        (early.Status, early.Problem).ShouldBe((409, "lease-not-renewable"));
        EndOf(later).ShouldBe(host.Time.GetUtcNow().AddHours(1));
    }

    [Fact]
    public async Task Lease_renews_itself_until_its_fleet_takes_no_more()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var quote = await QuoteAsync(host, "\"autoRenew\":true");
        var lease = await host.AcceptAsync(quote["quoteId"]);
        var end = EndOf(await host.GetAsync($"/v1/leases/{lease}", ApiHost.Acme));

        await AdvanceAsync(host, end.AddSeconds(-60));
        var renewed = await host.GetAsync($"/v1/leases/{lease}", ApiHost.Acme);
        await host.SendAsync("POST", "/v1/fleets/alpha/pause", ApiHost.Operator);
        await AdvanceAsync(host, end.AddSeconds(3600 - 60));
        await AdvanceAsync(host, end.AddSeconds(3600));

        EndOf(renewed).ShouldBe(end.AddHours(1));
        var events = await EventsAsync(host, lease);
        events.ShouldBe(["held", "accepted", "granted", "renewed", "not-renewed", "ended", "settled"]);
    }

    [Fact]
    public async Task Drill_is_told_as_a_reclaim_would_be_and_costs_nothing()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var lease = await host.LeaseAsync();

        var drilling = await host.SendAsync("POST", $"/v1/leases/{lease}/simulate-reclaim", ApiHost.Acme);
        await AdvanceAsync(host, host.Time.GetUtcNow().AddSeconds(120));
        var after = await host.GetAsync($"/v1/leases/{lease}", ApiHost.Acme);

        drilling.Status.ShouldBe(200, drilling.Text);
        drilling["status"].ShouldBe("reclaiming");
        drilling.Json.GetProperty("reclaim").GetProperty("drill").GetBoolean().ShouldBeTrue();
        (after["status"], after["gpus"]).ShouldBe(("active", "8"));
        (await EventsAsync(host, lease)).TakeLast(3).ShouldBe(["reclaim-decided", "notice-sent", "rescinded"]);
        (await host.Services.GetRequiredService<AuditBooks>().RunAsync(Cancelled)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lease_ends_before_it_costs_more_than_its_cap()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var quote = await QuoteAsync(host, "\"spendCap\":\"0.5\"");
        var lease = await host.AcceptAsync(quote["quoteId"]);

        await AdvanceAsync(host, host.Time.GetUtcNow().AddHours(1));

        var ended = await host.GetAsync($"/v1/leases/{lease}", ApiHost.Acme);
        (ended["endReason"], ended["spendPercent"]).ShouldBe(("spend-cap", "100"));
        decimal.Parse(Amount(ended, "amount"), System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBeInRange(0.49m, 0.5m);
    }

    [Fact]
    public async Task Correction_is_a_line_of_its_own_once_an_id()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var lease = await host.LeaseAsync();
        host.Time.Advance(TimeSpan.FromMinutes(10));
        await host.SendAsync("POST", $"/v1/leases/{lease}/end", ApiHost.Acme);
        var body = new
        {
            correctionId = "c-1",
            gpuSeconds = 3600,
            detail = "left on",
        };

        var corrected = await host.SendAsync("POST", $"/v1/leases/{lease}/corrections", ApiHost.Operator, body);
        var repeated = await host.SendAsync("POST", $"/v1/leases/{lease}/corrections", ApiHost.Operator, body);
        var statement = await host.GetAsync($"/v1/leases/{lease}/statement", ApiHost.Acme);

        corrected.Status.ShouldBe(200, corrected.Text);
        Amount(corrected, "amount").ShouldBe("3.412500");
        Amount(repeated, "amount").ShouldBe("3.412500");
        Amount(statement, "total").ShouldBe("3.412500");
        statement
            .Json.GetProperty("lines")
            .EnumerateArray()
            .Select(line => line.GetProperty("kind").GetString())
            .ShouldBe(["usage", "correction"]);
    }

    [Theory]
    [InlineData("{}", "correctionId detail gpuSeconds")]
    [InlineData("""{"correctionId":"c","detail":"d","gpuSeconds":0}""", "gpuSeconds")]
    [InlineData("""{"correctionId":"c","detail":"d","gpuSeconds":0.5}""", "gpuSeconds")]
    [InlineData("""{"correctionId":"c","detail":"d","gpuSeconds":2678400001}""", "gpuSeconds")]
    public async Task Correction_that_says_too_little_or_too_much_is_refused(string body, string fields)
    {
        await using var host = await ApiHost.WithFleetAsync();
        var lease = await host.LeaseAsync();

        var answer = await host.SendAsync("POST", $"/v1/leases/{lease}/corrections", ApiHost.Operator, body);

        answer.Status.ShouldBe(422, answer.Text);
        answer.Fields.ShouldBe(fields.Split(' '));
    }

    private static Task<ApiHost.Answer> QuoteAsync(ApiHost host, string members) =>
        host.SendAsync(
            "POST",
            "/v1/quotes",
            ApiHost.Acme,
            $$"""{"fleet":"alpha","gpus":8,"termSeconds":3600,{{members}}}"""
        );

    /// <summary>Whatever is due on the way happens when it is due.</summary>
    private static async Task AdvanceAsync(ApiHost host, DateTimeOffset to)
    {
        var sweep = host.Services.GetRequiredService<SweepLeases>();
        while (host.Time.GetUtcNow() < to)
        {
            var left = to - host.Time.GetUtcNow();
            host.Time.Advance(left < TimeSpan.FromSeconds(60) ? left : TimeSpan.FromSeconds(60));
            await host.KeepFreshAsync(running: 20, "alpha");
            await sweep.RunAsync(TimeSpan.Zero, Cancelled);
        }
    }

    private static async Task<IReadOnlyList<string>> EventsAsync(ApiHost host, string lease)
    {
        var answer = await host.GetAsync($"/v1/leases/{lease}/events", ApiHost.Acme);
        return [.. answer.Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()!)];
    }

    private static DateTimeOffset EndOf(ApiHost.Answer lease) => lease.Json.GetProperty("endsAt").GetDateTimeOffset();

    private static string Amount(ApiHost.Answer answer, string member) =>
        answer.Json.GetProperty(member).GetProperty("amount").GetString()!;
}
