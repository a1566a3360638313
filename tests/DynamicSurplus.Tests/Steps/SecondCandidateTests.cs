using DynamicSurplus.Engine;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

public sealed class SecondCandidateTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fleet_that_serves_because_others_were_faster_at_the_first_is_watched_too()
    {
        var books = new TakenMeanwhile(FleetId.Parse("alpha"));
        await using var host = await ApiHost.StartAsync(services => services.AddSingleton<ICapacityBooks>(books));
        await host.RegisterAsync("alpha");
        await host.RegisterAsync("beta");
        await host.TickAsync(running: 20, "alpha", "beta");
        books.IsOn = true;

        var quote = await host.SendAsync(
            "POST",
            "/v1/quotes",
            ApiHost.Acme,
            new
            {
                sku = "H100",
                tier = "spot",
                gpus = 8,
                termSeconds = 3600,
            }
        );

        quote["fleet"].ShouldBe("beta", quote.Text);
        var next = host.Services.GetRequiredService<EngineClock>().Tick.Plus(1, host.Options.TickLength);
        var seen = await host.Services.GetRequiredService<IRequestLog>().ListAsync(0, next, Stop);
        seen.Select(request => (request.Fleet.ToString(), request.OfferedGpuTicks))
            .OrderBy(request => request.Item1, StringComparer.Ordinal)
            .ShouldBe([("alpha", 480), ("beta", 0)]);
    }

    /// <summary>After the first look at it a fleet's book is full.</summary>
    private sealed class TakenMeanwhile(FleetId fleet) : ICapacityBooks
    {
        private readonly InMemoryCapacityBooks _inner = new();
        private int _looks;

        public bool IsOn { get; set; }

        public async Task<(CapacityBook Book, string? Version)> ReadAsync(
            FleetId of,
            CancellationToken cancellationToken
        )
        {
            var (book, version) = await _inner.ReadAsync(of, cancellationToken);
            return IsOn && of == fleet && ++_looks > 1 ? (book with { ActiveSpot = 1_000 }, version) : (book, version);
        }

        public Task<Reservation?> FindAsync(FleetId of, LeaseId lease, CancellationToken cancellationToken) =>
            _inner.FindAsync(of, lease, cancellationToken);

        public Task<IReadOnlyList<Reservation>> ListAsync(FleetId of, CancellationToken cancellationToken) =>
            _inner.ListAsync(of, cancellationToken);

        public Task<bool> TryCommitAsync(
            CapacityBook book,
            Reservation reservation,
            string? version,
            CancellationToken cancellationToken
        ) => _inner.TryCommitAsync(book, reservation, version, cancellationToken);

        public Task<bool> TryCorrectAsync(CapacityBook book, string? version, CancellationToken cancellationToken) =>
            _inner.TryCorrectAsync(book, version, cancellationToken);

        public Task ForgetAsync(FleetId of, LeaseId lease, CancellationToken cancellationToken) =>
            _inner.ForgetAsync(of, lease, cancellationToken);
    }
}
