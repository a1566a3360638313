using DynamicSurplus.Engine;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

/// <summary>What the API's tests cannot bring about: rivals, crashes, and what other processes do.</summary>
public sealed class ManageFleetsTests : IDisposable
{
    private static readonly Fleet Alpha = new(
        FleetId.Parse("alpha"),
        "eu",
        "H100",
        "default",
        "default",
        new(),
        FleetPolicy.Under(Rate.FromUsd(3.25m))
    );

    private readonly InMemoryFleetDirectory _directory;
    private readonly InMemoryCapacityBooks _books = new();
    private readonly Rival _rival;
    private readonly FleetCatalog _catalog;
    private readonly ManageFleets _manage;

    public ManageFleetsTests()
    {
        var options = new EngineOptions();
        _directory = new(options);
        _rival = new(_directory);
        _catalog = new(_directory, options, TimeProvider.System, TimeSpan.FromDays(1));
        _manage = new(_rival, _books, _catalog);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _catalog.Dispose();

    [Fact]
    public async Task Whoever_loses_a_race_decides_again_on_what_the_winner_left()
    {
        _rival.Before = () => _directory.TryPutAsync(Alpha with { Revision = 1 }, null, Cancelled);

        var change = await _manage.PutAsync(Alpha, FleetPrecondition.None, Cancelled);

        change.ShouldBeOfType<FleetChange.Unchanged>().Fleet.Value.Revision.ShouldBe(1);
    }

    [Fact]
    public async Task A_version_that_was_right_until_a_rival_wrote_is_stale()
    {
        var created = (
            await _manage.PutAsync(Alpha, FleetPrecondition.None, Cancelled)
        ).ShouldBeOfType<FleetChange.Created>();
        var seen = FleetPrecondition.OneOf([created.Fleet.Version]);
        _rival.Before = () => _directory.TryPutAsync(Alpha with { Team = "rival" }, created.Fleet.Version, Cancelled);

        var change = await _manage.PutAsync(Alpha with { Team = "mine" }, seen, Cancelled);

        change.ShouldBeOfType<FleetChange.Stale>().Fleet!.Value.Team.ShouldBe("rival");
    }

    [Fact]
    public async Task Who_loses_every_race_is_told_so()
    {
        await _manage.PutAsync(Alpha, FleetPrecondition.None, Cancelled);
        _rival.IsAlwaysFirst = true;

        await Should.ThrowAsync<ContendedException>(() => _manage.SetPausedAsync(Alpha.Id, paused: true, Cancelled));
    }

    [Fact]
    public async Task Edits_keep_what_pausing_has_set_and_count_on()
    {
        await _manage.PutAsync(Alpha, FleetPrecondition.New, Cancelled);
        await _manage.SetPausedAsync(Alpha.Id, paused: true, Cancelled);

        var change = await _manage.PutAsync(Alpha with { Team = "apps" }, FleetPrecondition.Existing, Cancelled);

        var fleet = change.ShouldBeOfType<FleetChange.Replaced>().Fleet.Value;
        (fleet.Team, fleet.Paused, fleet.Revision).ShouldBe(("apps", true, 3));
    }

    [Fact]
    public async Task A_fleet_drains_until_its_last_gpu_is_free()
    {
        await _manage.PutAsync(Alpha, FleetPrecondition.None, Cancelled);
        await SellAsync(heldSpot: 1);

        var first = await _manage.DeleteAsync(Alpha.Id, FleetPrecondition.None, Cancelled);
        var second = await _manage.DeleteAsync(Alpha.Id, FleetPrecondition.None, Cancelled);
        await _manage.RemoveDrainedAsync(0, Cancelled);
        var stays = await _directory.FindAsync(Alpha.Id, Cancelled);
        await SellAsync(heldSpot: 0);
        await _manage.RemoveDrainedAsync(0, Cancelled);

        first.ShouldBeOfType<FleetChange.Draining>().Fleet.Value.IsOpen.ShouldBeFalse();
        second.ShouldBeOfType<FleetChange.Draining>();
        stays.ShouldNotBeNull();
        (await _directory.FindAsync(Alpha.Id, Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task A_fleet_that_somebody_else_removes_while_it_is_deleted_is_deleted()
    {
        var created = (
            await _manage.PutAsync(Alpha, FleetPrecondition.None, Cancelled)
        ).ShouldBeOfType<FleetChange.Created>();
        _rival.Before = () => _directory.TryDeleteAsync(Alpha.Id, created.Fleet.Version, Cancelled);

        var change = await _manage.DeleteAsync(Alpha.Id, FleetPrecondition.None, Cancelled);

        change.ShouldBeOfType<FleetChange.Deleted>();
    }

    [Fact]
    public async Task A_write_is_known_here_at_once()
    {
        (await _catalog.FindAsync(Alpha.Id, Cancelled)).ShouldBeNull();

        await _manage.PutAsync(Alpha, FleetPrecondition.None, Cancelled);

        (await _catalog.FindAsync(Alpha.Id, Cancelled)).ShouldNotBeNull();
    }

    private async Task SellAsync(int heldSpot)
    {
        var (book, version) = await _books.ReadAsync(Alpha.Id, Cancelled);
        var reservation = new Reservation(
            Alpha.Id,
            LeaseId.For(TenantId.Parse("acme"), "k"),
            TenantId.Parse("acme"),
            LeaseTier.Spot,
            1,
            Rate.FromUsd(1),
            TimeSpan.Zero,
            TimeSpan.Zero,
            false,
            0,
            Tick.None,
            heldSpot > 0 ? ReservationState.Held : ReservationState.Released
        );
        (
            await _books.TryCommitAsync(book with { HeldSpot = heldSpot }, reservation, version, Cancelled)
        ).ShouldBeTrue();
    }

    /// <summary>Somebody else who writes just before one does oneself: once, or every time.</summary>
    private sealed class Rival(IFleetDirectory directory) : IFleetDirectory
    {
        public Func<Task>? Before { get; set; }

        public bool IsAlwaysFirst { get; set; }

        public Task<Versioned<Fleet>?> FindAsync(FleetId id, CancellationToken cancellationToken) =>
            directory.FindAsync(id, cancellationToken);

        public Task<IReadOnlyList<Versioned<Fleet>>> ListAsync(int shard, CancellationToken cancellationToken) =>
            directory.ListAsync(shard, cancellationToken);

        public Task<long> StampAsync(int shard, CancellationToken cancellationToken) =>
            directory.StampAsync(shard, cancellationToken);

        public async Task<string?> TryPutAsync(Fleet fleet, string? ifMatch, CancellationToken cancellationToken)
        {
            await GoFirstAsync();
            return IsAlwaysFirst ? null : await directory.TryPutAsync(fleet, ifMatch, cancellationToken);
        }

        public async Task<bool> TryDeleteAsync(FleetId id, string ifMatch, CancellationToken cancellationToken)
        {
            await GoFirstAsync();
            return !IsAlwaysFirst && await directory.TryDeleteAsync(id, ifMatch, cancellationToken);
        }

        private async Task GoFirstAsync()
        {
            if (Before is { } before)
            {
                Before = null;
                await before();
            }
        }
    }
}
