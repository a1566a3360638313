using System.Globalization;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>Live quotes and held GPUs of a tenant, over HTTP.</summary>
public sealed class HoldLimitTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Quote_past_the_live_quotes_is_429_and_comes_when_one_has_lapsed()
    {
        await using var host = await HostAsync(new() { LiveQuotes = 2 });
        await host.QuoteAsync(gpus: 1);
        host.Time.Advance(TimeSpan.FromSeconds(20));
        await host.QuoteAsync(gpus: 1);

        var refused = await QuoteAsync(host, 1, key: "third");
        host.Time.Advance(TimeSpan.FromSeconds(int.Parse(RetryAfter(refused), CultureInfo.InvariantCulture)));
        var retried = await QuoteAsync(host, 1, key: "third");

        (refused.Status, refused.Problem, RetryAfter(refused)).ShouldBe((429, "live-quotes-limit", "45"));
        refused["detail"].ShouldContain("may have 2 at once");
        refused["detail"].ShouldContain("2026-08-22T10:02:05");
        retried.Status.ShouldBe(201, retried.Text);
    }

    [Fact]
    public async Task Gpus_past_those_that_may_be_held_are_429_to_the_gpu()
    {
        await using var host = await HostAsync(new() { HeldGpus = 20 });
        await host.QuoteAsync(gpus: 12);

        var over = await QuoteAsync(host, 9);
        var never = await QuoteAsync(host, 21);
        var exact = await QuoteAsync(host, 8);

        (over.Status, over.Problem, RetryAfter(over)).ShouldBe((429, "held-gpus-limit", "65"));
        over["detail"].ShouldContain("hold 12, and those of a tenant may hold 20 together");
        (never.Status, never.Problem, never.Headers.ContainsKey("Retry-After")).ShouldBe(
            (422, "held-gpus-past-limit", false)
        );
        never.Fields.ShouldBe(["gpus"]);
        exact.Status.ShouldBe(201, exact.Text);
    }

    [Fact]
    public async Task Limits_are_each_tenant_s_own()
    {
        await using var host = await HostAsync(new() { LiveQuotes = 1 });
        await host.QuoteAsync(ApiHost.Acme, gpus: 1);

        await host.QuoteAsync(ApiHost.Globex, gpus: 1);

        (await QuoteAsync(host, 1)).Status.ShouldBe(429);
    }

    [Fact]
    public async Task Accepting_or_ending_a_quote_makes_room_for_the_next()
    {
        await using var host = await HostAsync(new() { LiveQuotes = 1, HeldGpus = 8 });

        await host.AcceptAsync(await host.QuoteAsync(gpus: 8));
        var second = await host.QuoteAsync(gpus: 8);
        await host.SendAsync("POST", $"/v1/leases/{second}/end", ApiHost.Acme);
        await host.QuoteAsync(gpus: 8);

        (await QuoteAsync(host, 1)).Status.ShouldBe(429);
    }

    [Fact]
    public async Task Lease_without_a_quote_counts_while_it_is_held_and_no_longer()
    {
        await using var host = await HostAsync(new() { LiveQuotes = 1 });
        var body = new
        {
            fleet = "alpha",
            tier = "spot",
            gpus = 4,
            termSeconds = 3600,
        };

        var first = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, body);
        var second = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, body);
        await host.QuoteAsync(gpus: 1);
        var third = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, body);

        (first.Status, second.Status).ShouldBe((201, 201));
        (third.Status, third.Problem).ShouldBe((429, "live-quotes-limit"));
    }

    [Fact]
    public async Task Same_key_again_counts_once()
    {
        await using var host = await HostAsync(new() { LiveQuotes = 1 });

        var first = await QuoteAsync(host, 4, key: "same");
        await host
            .Services.GetRequiredService<IIdempotencyKeys>()
            .AbandonAsync(TenantId.Parse(ApiHost.Acme), "same", Stop);
        var again = await QuoteAsync(host, 4, key: "same");

        again.Status.ShouldBe(201, again.Text);
        again["id"].ShouldBe(first["id"]);
    }

    [Fact]
    public async Task Refused_quote_holds_nothing_wakes_nobody_and_is_no_demand()
    {
        await using var host = await HostAsync(new() { LiveQuotes = 1 });
        await host.QuoteAsync(gpus: 1);
        var (books, wakeups, requests) = (
            host.Services.GetRequiredService<ICapacityBooks>(),
            host.Services.GetRequiredService<IWakeups>(),
            host.Services.GetRequiredService<IRequestLog>()
        );

        (await QuoteAsync(host, 40)).Status.ShouldBe(429);

        var tick = host.Services.GetRequiredService<EngineClock>().Tick.Plus(1, host.Options.TickLength);
        (await books.ReadAsync(FleetId.Parse("alpha"), Stop)).Book.Taken.ShouldBe(1);
        (await wakeups.DueAsync(host.Time.GetUtcNow().AddHours(1), 10, Stop)).Count.ShouldBe(1);
        (await requests.ListAsync(0, tick, Stop)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Quote_that_others_were_faster_than_does_not_count()
    {
        await using var host = await HostAsync(new() { LiveQuotes = 1 });
        var limits = host.Services.GetRequiredService<ITenantHolds>();
        var tenant = TenantId.Parse(ApiHost.Acme);
        await host.QuoteAsync(ApiHost.Globex, gpus: 50);

        var refused = await QuoteAsync(host, 8);

        refused.Status.ShouldBe(409);
        (await limits.ReadAsync(tenant, Stop)).Holds.ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_at_once_hold_no_more_than_they_may()
    {
        await using var host = await HostAsync(new() { LiveQuotes = 5, HeldGpus = 1_000 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => QuoteAsync(host, 1)));

        answers.Count(answer => answer.Status == 201).ShouldBe(5);
        answers.Count(answer => answer.Status == 429).ShouldBe(19);
    }

    private static Task<ApiHost> HostAsync(EngineOptions options) => ApiHost.WithFleetAsync(options: options);

    private static string RetryAfter(ApiHost.Answer answer) => answer.Headers["Retry-After"];

    private static Task<ApiHost.Answer> QuoteAsync(ApiHost host, int gpus, string? key = null) =>
        host.SendAsync(
            "POST",
            "/v1/quotes",
            ApiHost.Acme,
            new
            {
                fleet = "alpha",
                tier = "spot",
                gpus,
                termSeconds = 3600,
            },
            key
        );
}
