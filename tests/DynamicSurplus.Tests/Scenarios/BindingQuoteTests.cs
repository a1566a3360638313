using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>A quote binds: in time it is a lease, afterwards it is 410, and nobody must ask for its GPUs.</summary>
public sealed class BindingQuoteTests
{
    private static readonly FleetId Fleet = FleetId.Parse("alpha");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 201)]
    [InlineData(59_999, 201)]
    [InlineData(60_000, 201)]
    [InlineData(60_001, 410)]
    [InlineData(64_999, 410)]
    [InlineData(65_001, 410)]
    [InlineData(3_600_000, 410)]
    public async Task Quote_is_accepted_until_it_expires_and_never_after(int milliseconds, int status)
    {
        await using var host = await ApiHost.WithFleetAsync();
        var quote = await host.QuoteAsync();

        host.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        var answer = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, new { quoteId = quote });

        answer.Status.ShouldBe(status, answer.Text);
    }

    [Fact]
    public async Task Quote_in_time_becomes_a_lease_whatever_happened_to_the_rate_and_the_slice()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var quote = await host.QuoteAsync(gpus: 40);
        var quoted = (await host.GetAsync($"/v1/leases/{quote}", ApiHost.Acme))
            .Json.GetProperty("ratePerGpuHour")
            .ToString();
        await host.SendAsync("POST", "/v1/fleets/alpha/pause", ApiHost.Operator);

        await host.TickAsync(running: 100, "alpha");
        var answer = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, new { quoteId = quote });

        answer.Status.ShouldBe(201, answer.Text);
        answer.Json.GetProperty("ratePerGpuHour").ToString().ShouldBe(quoted);
    }

    [Fact]
    public async Task Acceptance_that_arrived_in_time_is_heard_even_when_it_is_handled_late()
    {
        await using var host = await ApiHost.WithFleetAsync(services =>
            services.AddSingleton<IIdempotencyKeys, SlowKeys>()
        );
        var quote = await host.QuoteAsync();
        var slow = (SlowKeys)host.Services.GetRequiredService<IIdempotencyKeys>();
        host.Time.Advance(TimeSpan.FromSeconds(59));
        slow.BeforeNext = () => host.Time.Advance(TimeSpan.FromSeconds(4));

        var answer = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, new { quoteId = quote });

        answer.Status.ShouldBe(201, answer.Text);
    }

    [Fact]
    public async Task Gpus_of_a_lapsed_quote_come_back_without_anyone_asking()
    {
        await using var host = await ApiHost.WithFleetAsync(services =>
        {
            services.AddSingleton<WakeupTimers>(provider =>
                new(new Engine.InMemory.InMemoryWakeups(), provider.GetRequiredService<TimeProvider>())
            );
            services.AddSingleton<IWakeups>(provider => provider.GetRequiredService<WakeupTimers>());
            services.AddSingleton<IHostedService, LeaseRunner>();
        });
        await host.QuoteAsync(gpus: 50);
        var books = host.Services.GetRequiredService<ICapacityBooks>();
        var held = (await books.ReadAsync(Fleet, Stop)).Book.HeldSpot;

        host.Time.Advance(TimeSpan.FromSeconds(66));
        var patience = TimeProvider.System.GetTimestamp();
        while ((await books.ReadAsync(Fleet, Stop)).Book.Taken > 0)
        {
            TimeProvider.System.GetElapsedTime(patience).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(20, Stop);
        }

        held.ShouldBe(50);
        (await host.QuoteAsync(ApiHost.Globex, gpus: 50)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Holds_of_many_at_once_never_pass_the_slice()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var body = new
        {
            fleet = "alpha",
            tier = "spot",
            gpus = 7,
            termSeconds = 3600,
        };

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(n => host.SendAsync("POST", "/v1/quotes", n % 2 == 0 ? ApiHost.Acme : ApiHost.Globex, body))
        );

        var (book, _) = await host.Services.GetRequiredService<ICapacityBooks>().ReadAsync(Fleet, Stop);
        book.HeldSpot.ShouldBe(7 * answers.Count(answer => answer.Status == 201));
        book.Taken.ShouldBeInRange(7, 50);
    }

    [Fact]
    public async Task Holding_everything_takes_nothing_from_what_a_rival_counts_for()
    {
        var counted = new List<double>();
        foreach (var isHeld in (bool[])[false, true])
        {
            await using var host = await ApiHost.WithFleetAsync();
            if (isHeld)
            {
                await host.QuoteAsync(ApiHost.Globex, gpus: 50);
            }
            var tenant = TenantId.Parse(ApiHost.Acme);
            await host.SendAsync(
                "POST",
                "/v1/quotes",
                ApiHost.Acme,
                new
                {
                    fleet = "alpha",
                    tier = "spot",
                    gpus = 8,
                    termSeconds = 3600,
                }
            );
            var next = host.Services.GetRequiredService<EngineClock>().Tick.Plus(1, host.Options.TickLength);
            var seen = await host.Services.GetRequiredService<IRequestLog>().ListAsync(0, next, Stop);
            counted.Add(seen.Where(request => request.Tenant == tenant).Sum(request => request.OfferedGpuTicks));
        }

        counted.ShouldBe([480, 480]);
    }

    /// <summary>The twin in memory, before whose next claim something happens.</summary>
    private sealed class SlowKeys : IIdempotencyKeys
    {
        private readonly Engine.InMemory.InMemoryIdempotencyKeys _inner = new();

        public Action? BeforeNext { get; set; }

        public Task<IdempotencyClaim?> TryClaimAsync(
            TenantId tenant,
            string key,
            string bodyHash,
            DateTimeOffset now,
            TimeSpan inFlightLife,
            CancellationToken cancellationToken
        )
        {
            var before = BeforeNext;
            BeforeNext = null;
            before?.Invoke();
            return _inner.TryClaimAsync(tenant, key, bodyHash, now, inFlightLife, cancellationToken);
        }

        public Task CompleteAsync(
            TenantId tenant,
            string key,
            string bodyHash,
            StoredAnswer answer,
            DateTimeOffset now,
            CancellationToken cancellationToken
        ) => _inner.CompleteAsync(tenant, key, bodyHash, answer, now, cancellationToken);

        public Task AbandonAsync(TenantId tenant, string key, CancellationToken cancellationToken) =>
            _inner.AbandonAsync(tenant, key, cancellationToken);
    }
}
