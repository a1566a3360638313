using DynamicSurplus.Engine;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Tests.Leasing;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

public sealed class CapacityLedgersTests
{
    private static readonly SurplusSlice Slice = new(Firm: 32, Total: 32, Always: 0);
    private static readonly EngineOptions Options = new();
    private static readonly EngineClock Clock = new(new FakeTimeProvider(Given.At(0)), Options);
    private static readonly LeaseEffect.MoveReservation Release = new(ReservationState.Released, Given.At(60));

    private readonly InMemoryCapacityBooks _books = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Move_that_overtakes_its_own_repeat_counts_once()
    {
        var other = LeaseId.For(Given.Tenant, "other");
        await ReserveAsync(Direct, Given.Id);
        await ReserveAsync(Direct, other);
        var repeat = Slow.MoveAsync(Given.Fleet, Given.Id, Release, version: 3, Stop);

        await Direct.MoveAsync(Given.Fleet, Given.Id, Release, version: 3, Stop);
        _gate.SetResult();
        await repeat;

        (await _books.ReadAsync(Given.Fleet, Stop)).Book.HeldSpot.ShouldBe(8);
    }

    [Fact]
    public async Task Hold_that_overtakes_its_own_repeat_counts_once()
    {
        var repeat = ReserveAsync(Slow, Given.Id);

        await ReserveAsync(Direct, Given.Id);
        _gate.SetResult();

        (await repeat).ShouldBeOfType<ReserveOutcome.Reserved>();
        (await _books.ReadAsync(Given.Fleet, Stop)).Book.HeldSpot.ShouldBe(8);
    }

    private CapacityLedgers Direct => new(_books, Clock, Options);

    /// <summary>Its book comes late; whatever it asks of a reservation is answered at once.</summary>
    private CapacityLedgers Slow => new(new SlowBook(_books, _gate.Task), Clock, Options);

    private static Task<ReserveOutcome> ReserveAsync(CapacityLedgers ledgers, LeaseId lease) =>
        ledgers.ReserveAsync(Reservation.Of(lease, Given.Spot, Given.Tick), Slice, Stop);

    private sealed class SlowBook(ICapacityBooks books, Task gate) : ICapacityBooks
    {
        public async Task<(CapacityBook Book, string? Version)> ReadAsync(
            FleetId fleet,
            CancellationToken cancellationToken
        )
        {
            await gate.WaitAsync(cancellationToken);
            return await books.ReadAsync(fleet, cancellationToken);
        }

        public Task<Reservation?> FindAsync(FleetId fleet, LeaseId lease, CancellationToken cancellationToken) =>
            books.FindAsync(fleet, lease, cancellationToken);

        public Task<IReadOnlyList<Reservation>> ListAsync(FleetId fleet, CancellationToken cancellationToken) =>
            books.ListAsync(fleet, cancellationToken);

        public Task<bool> TryCommitAsync(
            CapacityBook book,
            Reservation reservation,
            string? version,
            CancellationToken cancellationToken
        ) => books.TryCommitAsync(book, reservation, version, cancellationToken);

        public Task<bool> TryCorrectAsync(CapacityBook book, string? version, CancellationToken cancellationToken) =>
            books.TryCorrectAsync(book, version, cancellationToken);

        public Task ForgetAsync(FleetId fleet, LeaseId lease, CancellationToken cancellationToken) =>
            books.ForgetAsync(fleet, lease, cancellationToken);
    }
}
