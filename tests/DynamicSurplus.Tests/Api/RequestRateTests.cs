using System.Globalization;
using System.Net;
using DynamicSurplus.Api;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>How many requests are served to one caller, and to strangers. Budgets refill once a minute here.</summary>
public sealed class RequestRateTests
{
    private static readonly RequestBudget Plenty = new(RequestBudget.MostPerMinute);

    [Fact]
    public async Task Reads_past_their_budget_are_429_and_leave_changes_alone()
    {
        await using var host = await ApiHost.StartAsync(limits: Limits() with { Reads = Three() });
        var reads = new List<ApiHost.Answer>();

        for (var read = 0; read < 4; read++)
        {
            reads.Add(await host.GetAsync("/v1/rates", ApiHost.Acme));
        }
        var change = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, new { });
        var rival = await host.GetAsync("/v1/rates", ApiHost.Globex);

        reads.Select(read => read.Status).ShouldBe([200, 200, 200, 429]);
        reads[3].Problem.ShouldBe("too-many-requests");
        reads[3]["detail"].ShouldStartWith("Reads of one caller are served 1 times a minute, 3 at once");
        int.Parse(reads[3].Headers["Retry-After"], CultureInfo.InvariantCulture).ShouldBeInRange(1, 60);
        change.Status.ShouldBe(422);
        rival.Status.ShouldBe(200);
    }

    [Fact]
    public async Task Changes_and_telemetry_have_budgets_of_their_own()
    {
        await using var host = await ApiHost.StartAsync(
            limits: Limits() with
            {
                Writes = Three(),
                Telemetry = Three(),
            }
        );

        var pauses = await RepeatAsync(4, () => host.SendAsync("POST", "/v1/fleets/a/pause", ApiHost.Operator));
        var samples = await RepeatAsync(4, () => host.SendAsync("POST", "/v1/telemetry", ApiHost.Operator, "[]"));
        var read = await host.GetAsync("/v1/fleets", ApiHost.Operator);

        pauses.ShouldBe([404, 404, 404, 429]);
        samples[3].ShouldBe(429);
        samples.Take(3).ShouldAllBe(status => status != 429);
        read.Status.ShouldBe(200);
    }

    [Fact]
    public async Task Keys_of_one_tenant_share_its_budget()
    {
        var (acme, secret) = (TenantId.Parse(ApiHost.Acme), "another-key-of-acme");
        await using var host = await ApiHost.StartAsync(
            services =>
                services.AddSingleton<ICallerSource>(
                    new ApiKeys([new("another", Roles.Customer, acme, ApiKey.Hash(secret))], TimeProvider.System)
                ),
            limits: Limits() with
            {
                Reads = Three(),
            }
        );

        var first = await RepeatAsync(3, () => host.GetAsync("/v1/rates", ApiHost.Acme));
        var other = await host.SendAsync("GET", "/v1/rates", ApiHost.Anonymous, headers: (ApiKeys.Header, secret));

        first.ShouldAllBe(status => status == 200);
        other.Status.ShouldBe(429);
    }

    [Fact]
    public async Task Health_is_not_limited()
    {
        await using var host = await ApiHost.StartAsync(limits: new() { Reads = new(1), Failures = new(1) });
        await RepeatAsync(3, () => host.GetAsync("/v1/rates", ApiHost.Anonymous));

        var health = await RepeatAsync(20, () => host.GetAsync("/health/live", ApiHost.Anonymous));

        health.ShouldAllBe(status => status == 200);
    }

    [Fact]
    public async Task Strangers_past_their_budget_are_refused_before_their_credential_is_looked_at()
    {
        var source = new CountingSource();
        await using var host = await ApiHost.StartAsync(
            services => services.AddSingleton<ICallerSource>(source),
            limits: Limits() with
            {
                Failures = Three(),
            }
        );

        var good = await RepeatAsync(5, () => host.GetAsync("/v1/rates", ApiHost.Acme));
        var wrong = await RepeatAsync(4, () => host.GetAsync("/v1/rates", "nobody"));
        var (asked, shut) = (source.Asked, await host.GetAsync("/v1/rates", ApiHost.Acme));

        good.ShouldAllBe(status => status == 200);
        wrong.ShouldBe([401, 401, 401, 429]);
        asked.ShouldBe(3);
        (shut.Status, shut.Problem).ShouldBe((429, "too-many-requests"));
        source.Asked.ShouldBe(3);
        shut.Headers.Keys.ShouldContain("Retry-After");
    }

    [Fact]
    public async Task Flood_by_an_operator_s_key_leaves_no_flood_on_the_record()
    {
        await using var host = await ApiHost.StartAsync(limits: Limits() with { Writes = Three() });

        await RepeatAsync(10, () => host.SendAsync("POST", "/v1/fleets/a/pause", ApiHost.Operator));

        var log = host.Services.GetRequiredService<IAuditLog>();
        var page = await log.ListAsync(default, null, null, 100, TestContext.Current.CancellationToken);
        page.Entries.Count(entry => entry.Stage == AuditStage.Intent).ShouldBe(3);
        page.Entries.ShouldAllBe(entry => entry.Status != 429);
    }

    [Fact]
    public void Every_route_that_changes_something_is_no_read()
    {
        ApiRoutes.All.ShouldAllBe(route => route.Method == "GET" == (route.Kind == RequestKind.Read));
        ApiRoutes.All.Where(route => route.Kind == RequestKind.Telemetry).ShouldBe([ApiRoutes.PostTelemetry]);
    }

    [Fact]
    public void Addresses_share_a_fixed_number_of_places()
    {
        var places = Enumerable.Range(0, 100_000).Select(n => RequestMeter.PlaceOf(new IPAddress(n))).ToHashSet();

        places.Count.ShouldBeInRange(RequestMeter.Places / 2, RequestMeter.Places);
        places.ShouldAllBe(place => place >= 0 && place < RequestMeter.Places);
    }

    [Theory]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    public void Address_is_its_network(string one, string other, bool isSame) =>
        (RequestMeter.PlaceOf(IPAddress.Parse(one)) == RequestMeter.PlaceOf(IPAddress.Parse(other))).ShouldBe(isSame);

    private static RequestLimits Limits() =>
        new()
        {
            Reads = Plenty,
            Writes = Plenty,
            Telemetry = Plenty,
            Failures = Plenty,
        };

    private static RequestBudget Three() => new(PerMinute: 1) { Burst = 3 };

    private static async Task<IReadOnlyList<int>> RepeatAsync(int times, Func<Task<ApiHost.Answer>> send)
    {
        var statuses = new List<int>();
        for (var time = 0; time < times; time++)
        {
            statuses.Add((await send()).Status);
        }
        return statuses;
    }

    /// <summary>Knows nobody, and counts who asks. Comes behind the keys: who is known is not asked about.</summary>
    private sealed class CountingSource : ICallerSource
    {
        public int Asked { get; private set; }

        public string? Invitation => null;

        public ValueTask<Caller?> FindAsync(HttpRequest request, CancellationToken cancellationToken)
        {
            Asked++;
            return default;
        }
    }
}
