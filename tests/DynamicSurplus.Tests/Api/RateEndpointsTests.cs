using System.Globalization;
using DynamicSurplus.Engine;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class RateEndpointsTests
{
    [Fact]
    public async Task A_rate_says_what_it_is_and_for_how_long()
    {
        await using var host = await ApiHost.WithFleetAsync();
        host.Time.Advance(TimeSpan.FromSeconds(20));

        var rate = await host.GetAsync("/v1/rates/alpha", ApiHost.Acme);

        rate.Headers["Cache-Control"].ShouldBe("private, max-age=40");
        (rate["fleet"], rate["sku"], rate["region"]).ShouldBe(("alpha", "H100", "eu-north-1"));
        (rate["currency"], rate["unit"]).ShouldBe(("USD", "USD per GPU-hour"));
        (rate["tick"], rate["validUntil"]).ShouldBe(("2026-08-22T10:01:00.000Z", "2026-08-22T10:02:00.000Z"));
        rate.Json.GetProperty("spot").ToString().ShouldBe("""{"rate":"1.4625","sliceGpus":50}""");
        rate.Json.GetProperty("firm").ToString().ShouldBe("""{"rate":"1.8281","sliceGpus":50}""");
        (rate["open"], rate["stale"], rate["frozen"]).ShouldBe(("True", "False", "False"));
    }

    [Fact]
    public async Task A_rate_that_is_known_is_not_sent_again_until_its_tick_is_over_or_its_fleet_changes()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var first = await host.GetAsync("/v1/rates/alpha", ApiHost.Acme);

        var same = await AskAsync();
        await host.SendAsync("POST", "/v1/fleets/alpha/pause", ApiHost.Operator);
        var paused = await AskAsync();
        await host.TickAsync(running: 20, "alpha");
        var next = await AskAsync();

        (same.Status, same.Body.Length, same.Headers["ETag"]).ShouldBe((304, 0, first.Headers["ETag"]));
        (paused.Status, paused["open"]).ShouldBe((200, "False"));
        (next.Status, next["tick"]).ShouldBe((200, "2026-08-22T10:02:00.000Z"));

        Task<ApiHost.Answer> AskAsync() =>
            host.SendAsync("GET", "/v1/rates/alpha", ApiHost.Acme, headers: ("If-None-Match", first.Headers["ETag"]));
    }

    [Fact]
    public async Task A_caller_s_clock_runs_at_its_own_speed()
    {
        await using var host = await ApiHost.StartAsync(options: new EngineOptions { Speed = 10 });
        await host.RegisterAsync("alpha");
        await host.TickAsync(running: 20, "alpha");
        host.Time.Advance(TimeSpan.FromSeconds(20));

        var rate = await host.GetAsync("/v1/rates/alpha", ApiHost.Acme);
        host.Time.Advance(TimeSpan.FromSeconds(41));
        var late = await host.GetAsync("/v1/rates/alpha", ApiHost.Acme);

        rate.Headers["Cache-Control"].ShouldBe("private, max-age=4");
        late.Headers["Cache-Control"].ShouldBe("private, max-age=0");
    }

    [Fact]
    public async Task Rates_are_chosen_by_sku_and_region_and_read_page_by_page()
    {
        await using var host = await ApiHost.StartAsync(options: new EngineOptions { ShardCount = 2 });
        string[] fleets = ["a", "b", "c", "d", "e"];
        foreach (var fleet in fleets)
        {
            await host.RegisterAsync(fleet, fleet == "b" ? "B200" : "H100", fleet == "c" ? "us-east-1" : "eu-north-1");
        }
        await host.TickAsync(running: 20, fleets);
        await host.RegisterAsync("unpriced");

        var b200 = await host.GetAsync("/v1/rates?sku=b200", ApiHost.Acme);
        var east = await host.GetAsync("/v1/rates?sku=H100&region=us-east-1", ApiHost.Acme);
        var none = await host.GetAsync("/v1/rates?sku=Abacus", ApiHost.Acme);
        var first = await host.GetAsync("/v1/rates?limit=3", ApiHost.Acme);
        var second = await host.GetAsync($"/v1/rates?limit=3&cursor={first["next"]}", ApiHost.Acme);
        var known = await host.SendAsync(
            "GET",
            "/v1/rates?limit=3",
            ApiHost.Acme,
            headers: ("If-None-Match", first.Headers["ETag"])
        );

        Fleets(b200).ShouldBe(["b"]);
        Fleets(east).ShouldBe(["c"]);
        Fleets(none).ShouldBeEmpty();
        Fleets(first).Count.ShouldBe(3);
        Fleets(first).Concat(Fleets(second)).ShouldBe(fleets, ignoreOrder: true);
        second.Json.TryGetProperty("next", out _).ShouldBeFalse();
        first.Headers["Cache-Control"].ShouldBe("private, max-age=60");
        known.Status.ShouldBe(304);
    }

    [Theory]
    [InlineData("/v1/rates/omega", "fleet-not-found")]
    [InlineData("/v1/rates/omega/history", "fleet-not-found")]
    [InlineData("/v1/rates/omega/explain", "fleet-not-found")]
    [InlineData("/v1/rates/new", "rate-not-found")]
    [InlineData("/v1/rates/new/explain", "rate-not-found")]
    public async Task What_has_no_rate_says_so(string path, string problem)
    {
        await using var host = await ApiHost.StartAsync();
        await host.RegisterAsync("new");

        var answer = await host.GetAsync(path, ApiHost.Acme);

        (answer.Status, answer.Problem).ShouldBe((404, problem));
    }

    [Fact]
    public async Task A_history_begins_with_the_rate_in_force_and_has_every_tick_after_it()
    {
        await using var host = await ApiHost.WithFleetAsync();
        for (var tick = 2; tick <= 5; tick++)
        {
            await host.TickAsync(running: 20 + tick, "alpha");
        }

        var history = await host.GetAsync(
            "/v1/rates/alpha/history?from=2026-08-22T10:02:30Z&to=2026-08-22T12:04:00%2B02:00",
            ApiHost.Acme
        );
        var all = await host.GetAsync("/v1/rates/alpha/history", ApiHost.Acme);

        (history["currency"], history["unit"]).ShouldBe(("USD", "USD per GPU-hour"));
        Ticks(history).ShouldBe(["10:02", "10:03", "10:04"]);
        Ticks(all).ShouldBe(["10:01", "10:02", "10:03", "10:04", "10:05"]);
        var first = all.Json.GetProperty("rates")[0];
        first.GetProperty("spotRate").GetString().ShouldBe("1.4625");
        first.GetProperty("firmRate").GetString().ShouldBe("1.8281");
    }

    [Theory]
    [InlineData("?format=csv", "application/json", true)]
    [InlineData("?format=json", "text/csv", false)]
    [InlineData("", "text/csv", true)]
    [InlineData("", "text/*;q=0.9, application/json;q=0.5", true)]
    [InlineData("", "*/*", false)]
    [InlineData("", "application/json, text/csv", false)]
    [InlineData("", "text/csv;q=0, */*", false)]
    [InlineData("", "nonsense", false)]
    public async Task A_history_is_csv_where_that_is_wanted(string query, string accept, bool isCsv)
    {
        await using var host = await ApiHost.WithFleetAsync();

        var history = await host.SendAsync(
            "GET",
            $"/v1/rates/alpha/history{query}",
            ApiHost.Acme,
            headers: ("Accept", accept)
        );

        history.Headers["Content-Type"].ShouldBe(isCsv ? "text/csv; charset=utf-8" : "application/json");
        history.Headers["Vary"].ShouldBe("Accept");
        if (isCsv)
        {
            history.Text.ShouldBe(
                "tick,spot_rate_usd_per_gpu_hour,firm_rate_usd_per_gpu_hour,spot_slice_gpus,firm_slice_gpus,frozen\r\n"
                    + "2026-08-22T10:01:00.000Z,1.4625,1.8281,50,50,false\r\n"
            );
        }
    }

    [Theory]
    [InlineData("from=yesterday", 400, "from")]
    [InlineData("from=2026-08-22T10:00:00", 400, "from")]
    [InlineData("from=2026-08-22T10:00:00+02:00", 400, "from")]
    [InlineData("to=2026-13-01T00:00:00Z", 400, "to")]
    [InlineData("format=xml", 400, "format")]
    [InlineData("from=2026-08-22T10:00:01Z&to=2026-08-22T10:00:00Z", 422, "from")]
    [InlineData("from=2026-07-22T09:59:59Z&to=2026-08-22T10:00:00Z", 422, "from")]
    public async Task A_range_that_makes_no_sense_is_refused_by_name(string query, int status, string field)
    {
        await using var host = await ApiHost.WithFleetAsync();

        var answer = await host.GetAsync($"/v1/rates/alpha/history?{query}", ApiHost.Acme);

        (answer.Status, answer.Fields.Single()).ShouldBe((status, field));
    }

    [Fact]
    public async Task An_explanation_has_the_tick_s_inputs_and_outputs()
    {
        await using var host = await ApiHost.WithFleetAsync();

        var why = await host.GetAsync("/v1/rates/alpha/explain", ApiHost.Acme);

        (why["tick"], why["tickSeconds"], why["spotRate"]).ShouldBe(("2026-08-22T10:01:00.000Z", "60", "1.4625"));
        var (inputs, outputs) = (why.Json.GetProperty("inputs"), why.Json.GetProperty("outputs"));
        inputs.GetProperty("capacityGpus").GetSingle().ShouldBe(100);
        inputs.GetProperty("demandGpus").GetSingle().ShouldBe(20);
        inputs.GetProperty("wall").GetSingle().ShouldBe(0.5f);
        inputs.GetProperty("ceiling").GetSingle().ShouldBe(3.25f);
        outputs.GetProperty("totalSliceGpus").GetSingle().ShouldBe(50);
        Math.Exp(outputs.GetProperty("logRate").GetSingle()).ShouldBe(1.4625, tolerance: 1e-4);
    }

    private static List<string> Fleets(ApiHost.Answer list) =>
        [.. list.Json.GetProperty("rates").EnumerateArray().Select(rate => rate.GetProperty("fleet").GetString()!)];

    private static IEnumerable<string> Ticks(ApiHost.Answer history) =>
        history
            .Json.GetProperty("rates")
            .EnumerateArray()
            .Select(row => row.GetProperty("tick").GetDateTimeOffset().ToString("HH:mm", CultureInfo.InvariantCulture));
}
