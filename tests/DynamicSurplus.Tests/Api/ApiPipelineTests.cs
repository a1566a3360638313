using System.Globalization;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class ApiPipelineTests
{
    [Fact]
    public async Task Who_has_no_key_is_told_how_to_show_one()
    {
        await using var host = await ApiHost.StartAsync();

        var none = await host.GetAsync("/v1/rates", ApiHost.Anonymous);
        var wrong = await host.SendAsync("GET", "/v1/rates", ApiHost.Anonymous, headers: ("X-Api-Key", "nonsense"));

        (none.Status, none.Problem).ShouldBe((401, "unauthenticated"));
        none.Headers["WWW-Authenticate"].ShouldBe("Bearer realm=\"dynamic-surplus\"");
        none["detail"].ShouldBe("Send an API key as 'Authorization: Bearer <key>' or 'X-Api-Key: <key>'.");
        (wrong.Status, wrong.Problem).ShouldBe((401, "unauthenticated"));
        wrong.Headers["WWW-Authenticate"].ShouldContain("invalid_token");
        wrong.Text.ShouldNotContain("nonsense");
    }

    [Fact]
    public async Task A_wrong_role_is_told_which_is_right()
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.GetAsync("/v1/summary", ApiHost.Acme);

        (answer.Status, answer.Problem).ShouldBe((403, "forbidden"));
        answer["detail"].ShouldBe("GET /v1/summary is for operator, auditor; the caller's role is customer.");
    }

    [Fact]
    public async Task A_second_source_of_callers_is_asked_too()
    {
        await using var host = await ApiHost.StartAsync(services => services.AddSingleton<ICallerSource>(new Badge()));

        var answer = await host.SendAsync("GET", "/v1/summary", ApiHost.Anonymous, headers: ("X-Badge", "7"));

        answer.Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_stranger_s_body_is_not_read()
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.SendAsync("POST", "/v1/telemetry", ApiHost.Acme, new byte[2 * 1024 * 1024]);

        answer.Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_failure_is_logged_and_says_nothing_of_itself()
    {
        await using var host = await WithBooksAsync(() => new InvalidOperationException("the secret is 42"));

        var answer = await host.GetAsync("/v1/fleets/alpha", ApiHost.Operator);

        (answer.Status, answer.Problem).ShouldBe((500, "internal"));
        answer.Text.ShouldNotContain("42");
        host.Log.Lines.ShouldContain(line => line.Contains("the secret is 42") && line.Contains(answer["traceId"]));
    }

    [Fact]
    public async Task Contention_is_told_to_come_again()
    {
        await using var host = await WithBooksAsync(() => new ContendedException("busy"));

        var answer = await host.GetAsync("/v1/fleets/alpha", ApiHost.Operator);

        (answer.Status, answer.Problem).ShouldBe((503, "contended"));
        answer.Headers["Retry-After"].ShouldBeOneOf("1", "2", "3");
    }

    [Fact]
    public async Task Storage_that_does_not_answer_is_told_apart_from_a_failure_of_ours()
    {
        await using var host = await WithBooksAsync(() => new UnavailableException("429", new IOException("key=42")));

        var answer = await host.GetAsync("/v1/fleets/alpha", ApiHost.Operator);

        (answer.Status, answer.Problem).ShouldBe((503, "storage-unavailable"));
        int.Parse(answer.Headers["Retry-After"], CultureInfo.InvariantCulture).ShouldBeInRange(1, 10);
        answer.Text.ShouldNotContain("42");
        host.Log.Lines.ShouldContain(line => line.Contains("/v1/fleets/{fleet}") && line.Contains("key=42"));
    }

    [Fact]
    public async Task An_unreadable_store_is_not_ready_and_still_alive()
    {
        await using var host = await ApiHost.StartAsync(services =>
            services.AddSingleton<IShardStore>(new BrokenStore())
        );

        var ready = await host.GetAsync("/health/ready", ApiHost.Anonymous);
        var live = await host.GetAsync("/health/live", ApiHost.Anonymous);

        (ready.Status, ready.Problem).ShouldBe((503, "not-ready"));
        (live.Status, live["status"]).ShouldBe((200, "live"));
    }

    [Fact]
    public async Task Readiness_counts_fleets_without_fresh_telemetry()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var fresh = await host.GetAsync("/health/ready", ApiHost.Anonymous);
        await host.RegisterAsync("beta");
        for (var tick = 0; tick < 12; tick++)
        {
            await host.TickAsync(running: 20, "beta");
        }

        var stale = await host.GetAsync("/health/ready", ApiHost.Anonymous);

        (fresh["status"], fresh["fleets"], fresh["staleFleets"]).ShouldBe(("ready", "1", "0"));
        (stale["status"], stale["fleets"], stale["staleFleets"]).ShouldBe(("degraded", "2", "1"));
    }

    [Fact]
    public void Every_refusal_has_a_problem_of_its_own()
    {
        var unmatched = Enum.GetValues<MatchRefusalCode>().Select(ProblemKinds.Of);
        var refused = Enum.GetValues<LeaseRefusalCode>().Select(ProblemKinds.Of);

        var kinds = unmatched.Concat(refused).ToArray();

        kinds.Select(kind => kind.Code).ShouldBeUnique();
        kinds.ShouldAllBe(kind => kind.Status == 404 || kind.Status == 409 || kind.Status == 410 || kind.Status == 422);
    }

    private static async Task<ApiHost> WithBooksAsync(Func<Exception> failure)
    {
        var host = await ApiHost.StartAsync(services =>
            services.AddSingleton<ICapacityBooks>(new BrokenBooks(failure))
        );
        await host.RegisterAsync("alpha");
        return host;
    }

    private sealed class Badge : ICallerSource
    {
        public string? Invitation => "a badge";

        public ValueTask<Caller?> FindAsync(HttpRequest request, CancellationToken cancellationToken) =>
            new(request.Headers["X-Badge"] == "7" ? new Caller("seven", Roles.Auditor, null) : null);
    }

    private sealed class BrokenBooks(Func<Exception> failure) : ICapacityBooks
    {
        public Task<(CapacityBook Book, string? Version)> ReadAsync(
            FleetId fleet,
            CancellationToken cancellationToken
        ) => throw failure();

        public Task<Reservation?> FindAsync(FleetId fleet, LeaseId lease, CancellationToken cancellationToken) =>
            throw failure();

        public Task<IReadOnlyList<Reservation>> ListAsync(FleetId fleet, CancellationToken cancellationToken) =>
            throw failure();

        public Task<bool> TryCommitAsync(
            CapacityBook book,
            Reservation reservation,
            string? version,
            CancellationToken cancellationToken
        ) => throw failure();

        public Task<bool> TryCorrectAsync(CapacityBook book, string? version, CancellationToken cancellationToken) =>
            throw failure();

        public Task ForgetAsync(FleetId fleet, LeaseId lease, CancellationToken cancellationToken) => throw failure();
    }

    private sealed class BrokenStore : IShardStore
    {
        public Task<Versioned<ReadOnlyMemory<byte>>?> LoadStateAsync(int shard, CancellationToken cancellationToken) =>
            throw new IOException("gone");

        public Task<string?> TrySaveStateAsync(
            int shard,
            ReadOnlyMemory<byte> state,
            string? ifMatch,
            CancellationToken cancellationToken
        ) => throw new IOException("gone");

        public Task PutBookAsync(int shard, ReadOnlyMemory<byte> book, CancellationToken cancellationToken) =>
            throw new IOException("gone");

        public Task<Versioned<ReadOnlyMemory<byte>>?> LoadBookAsync(
            int shard,
            string? ifNotMatch,
            CancellationToken cancellationToken
        ) => throw new IOException("gone");

        public Task AppendRecordAsync(
            int shard,
            Tick tick,
            ReadOnlyMemory<byte> frame,
            CancellationToken cancellationToken
        ) => throw new IOException("gone");

        public Task<ReadOnlyMemory<byte>> ReadRecordsAsync(
            int shard,
            DateTimeOffset hour,
            CancellationToken cancellationToken
        ) => throw new IOException("gone");
    }
}
