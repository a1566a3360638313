using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class IdempotencyTests
{
    private static readonly object Wish = new
    {
        fleet = "alpha",
        gpus = 4,
        termSeconds = 600,
    };

    [Theory]
    [InlineData("/v1/quotes")]
    [InlineData("/v1/leases")]
    public async Task The_same_request_has_the_same_answer_and_is_done_once(string path)
    {
        await using var host = await ApiHost.WithFleetAsync();

        var first = await host.SendAsync("POST", path, ApiHost.Acme, Wish, key: "k");
        var again = await host.SendAsync("POST", path, ApiHost.Acme, Wish, key: "k");

        first.Status.ShouldBe(201, first.Text);
        first.Headers.Keys.ShouldNotContain("Idempotent-Replayed");
        (again.Status, again.Text, again.Headers["Location"]).ShouldBe((201, first.Text, first.Headers["Location"]));
        again.Headers["Idempotent-Replayed"].ShouldBe("true");
        (await TakenAsync(host)).ShouldBe(4);
    }

    [Fact]
    public async Task Ending_twice_with_one_key_is_ending_once()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var lease = await host.LeaseAsync();
        var path = $"/v1/leases/{lease}/end";

        var first = await host.SendAsync("POST", path, ApiHost.Acme, key: "k");
        var again = await host.SendAsync("POST", path, ApiHost.Acme, key: "k");
        var another = await host.SendAsync("POST", path, ApiHost.Acme, key: "k2");

        (first.Status, again.Status, again.Text).ShouldBe((200, 200, first.Text));
        (another.Status, another.Problem).ShouldBe((409, "lease-already-ended"));
    }

    [Fact]
    public async Task A_refusal_is_an_answer_too()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var wish = new
        {
            fleet = "alpha",
            gpus = 500,
            termSeconds = 600,
        };

        var first = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, wish, key: "k");
        var again = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, wish, key: "k");

        (first.Status, again.Status, again.Text).ShouldBe((409, 409, first.Text));
        (again.Problem, again.Headers["Idempotent-Replayed"]).ShouldBe(("not-enough-gpus", "true"));
    }

    [Fact]
    public async Task Another_body_or_address_under_the_key_is_refused()
    {
        await using var host = await ApiHost.WithFleetAsync();
        await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, Wish, key: "k");

        var body = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, new { fleet = "alpha" }, key: "k");
        var address = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, Wish, key: "k");

        (body.Status, body.Problem).ShouldBe((422, "idempotency-key-reused"));
        (address.Status, address.Problem).ShouldBe((422, "idempotency-key-reused"));
    }

    [Fact]
    public async Task Keys_of_two_customers_have_nothing_to_do_with_each_other()
    {
        await using var host = await ApiHost.WithFleetAsync();

        var acme = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, Wish, key: "k");
        var globex = await host.SendAsync("POST", "/v1/quotes", ApiHost.Globex, Wish, key: "k");

        globex.Status.ShouldBe(201);
        globex["id"].ShouldNotBe(acme["id"]);
    }

    [Fact]
    public async Task While_the_first_is_answered_the_second_waits()
    {
        var gate = new Gate();
        await using var host = await ApiHost.WithFleetAsync(gate.Replace);
        gate.Close();

        var first = host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, Wish, key: "k");
        await gate.Reached.WaitAsync(TestContext.Current.CancellationToken);
        var second = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, Wish, key: "k");
        gate.Open();

        (second.Status, second.Problem, second.Headers["Retry-After"]).ShouldBe(
            (409, "idempotency-key-in-flight", "1")
        );
        (await first).Status.ShouldBe(201);
        (await TakenAsync(host)).ShouldBe(4);
    }

    [Fact]
    public async Task A_request_that_lives_too_long_is_given_up_and_its_retry_goes_on()
    {
        var (gate, wall) = (new Gate(), new FakeTimeProvider());
        await using var host = await ApiHost.WithFleetAsync(gate.Replace, wall);
        gate.Close();

        var first = host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, Wish, key: "k");
        await gate.Reached.WaitAsync(TestContext.Current.CancellationToken);
        wall.Advance(TimeSpan.FromSeconds(30));
        var given = await first;
        gate.Open();
        var retried = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, Wish, key: "k");

        (given.Status, given.Problem, given.Headers["Retry-After"]).ShouldBe((503, "timed-out", "1"));
        retried.Status.ShouldBe(201);
    }

    [Fact]
    public async Task A_failure_is_no_answer_and_the_retry_goes_on()
    {
        var gate = new Gate();
        await using var host = await ApiHost.WithFleetAsync(gate.Replace);

        gate.Fails = true;
        var failed = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, Wish, key: "k");
        gate.Fails = false;
        var retried = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, Wish, key: "k");

        (failed.Status, retried.Status).ShouldBe((500, 201));
        (await TakenAsync(host)).ShouldBe(4);
    }

    [Fact]
    public async Task A_retry_meets_what_the_first_try_held_even_where_nothing_else_is_left()
    {
        var keys = new ForgetfulKeys();
        await using var host = await ApiHost.WithFleetAsync(services => services.AddSingleton<IIdempotencyKeys>(keys));
        var all = new
        {
            fleet = "alpha",
            gpus = 50,
            termSeconds = 600,
        };

        keys.Fails = true;
        var failed = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, all, key: "k");
        keys.Fails = false;
        var retried = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, all, key: "k");

        (failed.Status, retried.Status, retried["status"]).ShouldBe((500, 201, "held"), retried.Text);
        (await TakenAsync(host)).ShouldBe(50);
    }

    [Fact]
    public async Task A_request_that_cannot_be_read_does_not_use_its_key_up()
    {
        await using var host = await ApiHost.WithFleetAsync();

        var wrong = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, "{\"gpus\":", key: "k");
        var right = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, Wish, key: "k");

        (wrong.Status, right.Status).ShouldBe((400, 201));
    }

    [Theory]
    [InlineData("/v1/quotes")]
    [InlineData("/v1/leases")]
    [InlineData("/v1/leases/00000000000000000000000000000000/end")]
    public async Task A_missing_key_is_asked_for(string path)
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.SendAsync("POST", path, ApiHost.Acme, Wish, key: "");

        (answer.Status, answer.Problem).ShouldBe((400, "idempotency-key-missing"));
        answer.Fields.ShouldBe(["Idempotency-Key"]);
    }

    [Theory]
    [InlineData(100, 'k', 201)]
    [InlineData(101, 'k', 400)]
    [InlineData(1, '\t', 400)]
    public async Task A_key_is_short_and_printable(int length, char filling, int status)
    {
        await using var host = await ApiHost.WithFleetAsync();
        var key = length == 1 ? $"a{filling}b" : new string(filling, length);

        var answer = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, Wish, key);

        answer.Status.ShouldBe(status);
    }

    [Fact]
    public void Two_keys_are_none()
    {
        var http = new DefaultHttpContext();
        http.Request.Headers["Idempotency-Key"] = new(["a", "b"]);

        var refused = Should.Throw<ProblemException>(() => RequestKey.Of(http.Request, ReadOnlyMemory<byte>.Empty));

        refused.Problem.Kind.ShouldBe(ProblemKinds.MalformedRequest);
    }

    private static async Task<int> TakenAsync(ApiHost host)
    {
        var books = host.Services.GetRequiredService<ICapacityBooks>();
        var (book, _) = await books.ReadAsync(FleetId.Parse("alpha"), TestContext.Current.CancellationToken);
        return book.Taken;
    }

    /// <summary>Loses answers.</summary>
    private sealed class ForgetfulKeys : IIdempotencyKeys
    {
        private readonly InMemoryIdempotencyKeys _keys = new();

        public bool Fails { get; set; }

        public Task<IdempotencyClaim?> TryClaimAsync(
            TenantId tenant,
            string key,
            string bodyHash,
            DateTimeOffset now,
            TimeSpan inFlightLife,
            CancellationToken cancellationToken
        ) => _keys.TryClaimAsync(tenant, key, bodyHash, now, inFlightLife, cancellationToken);

        public Task CompleteAsync(
            TenantId tenant,
            string key,
            string bodyHash,
            StoredAnswer answer,
            DateTimeOffset now,
            CancellationToken cancellationToken
        ) =>
            Fails
                ? throw new IOException("the store is gone")
                : _keys.CompleteAsync(tenant, key, bodyHash, answer, now, cancellationToken);

        public Task AbandonAsync(TenantId tenant, string key, CancellationToken cancellationToken) =>
            _keys.AbandonAsync(tenant, key, cancellationToken);
    }

    /// <summary>Stops, or breaks, every request before its demand is counted.</summary>
    private sealed class Gate : IRequestLog
    {
        private readonly InMemoryRequestLog _log = new();
        private readonly SemaphoreSlim _reached = new(0);
        private TaskCompletionSource _open = new();

        public Gate() => _open.SetResult();

        public bool Fails { get; set; }

        public SemaphoreSlim Reached => _reached;

        public void Replace(IServiceCollection services) => services.AddSingleton<IRequestLog>(this);

        public void Close() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _open.SetResult();

        public async Task RecordAsync(int shard, SeenRequest request, CancellationToken cancellationToken)
        {
            _reached.Release();
            await _open.Task.WaitAsync(cancellationToken);
            await _log.RecordAsync(shard, request, cancellationToken);
            if (Fails)
            {
                throw new IOException("the log is gone");
            }
        }

        public Task<IReadOnlyList<SeenRequest>> ListAsync(
            int shard,
            Tick before,
            CancellationToken cancellationToken
        ) => _log.ListAsync(shard, before, cancellationToken);

        public Task DeleteAsync(int shard, IReadOnlyList<SeenRequest> requests, CancellationToken cancellationToken) =>
            _log.DeleteAsync(shard, requests, cancellationToken);
    }
}
