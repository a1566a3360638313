using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class CapacityBooksContract : PortContract<ICapacityBooks>
{
    private static readonly FleetId Fleet = Example.FleetA;

    [Fact]
    public async Task Fleet_that_sold_nothing_has_a_book_of_zeros_without_a_version()
    {
        await using var store = await CreateAsync();
        var books = store.Open();

        (await books.ReadAsync(Fleet, Stop)).ShouldBe((new CapacityBook(Fleet), null));
        (await books.FindAsync(Fleet, Example.Lease(1), Stop)).ShouldBeNull();
        (await books.ListAsync(Fleet, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Book_and_reservation_come_back_whole()
    {
        await using var store = await CreateAsync();
        var book = new CapacityBook(Fleet, 1, 2, 3, 4, 5, 6, 0.1 + 0.2, 5_000_000_000);
        var whole = new Reservation(
            Fleet,
            Example.Lease(7),
            Example.Tenant,
            LeaseTier.Firm,
            1_000_000,
            Rate.FromSteps(100_000_000),
            TimeSpan.FromSeconds(90),
            TimeSpan.FromSeconds(86_400),
            LongTerm: true,
            InterruptionProbability: 1.0 / 3,
            new Tick(1_785_585_660),
            ReservationState.InNotice,
            Example.Noon.AddMilliseconds(7)
        );
        var bare = Example.Reservation(Fleet, 8);

        (await store.Open().TryCommitAsync(new(Fleet), bare, null, Stop)).ShouldBeTrue();
        var (_, version) = await store.Open().ReadAsync(Fleet, Stop);
        (await store.Open().TryCommitAsync(book, whole, version, Stop)).ShouldBeTrue();

        (await store.Open().ReadAsync(Fleet, Stop)).Book.ShouldBe(book);
        (await store.Open().FindAsync(Fleet, whole.Lease, Stop)).ShouldBe(whole);
        (await store.Open().ListAsync(Fleet, Stop)).ShouldBe([whole, bare]);
    }

    [Theory]
    [InlineData(ReservationState.Held)]
    [InlineData(ReservationState.Active)]
    [InlineData(ReservationState.InNotice)]
    [InlineData(ReservationState.Released)]
    public async Task Reservation_is_replaced_by_its_next_state(ReservationState state)
    {
        await using var store = await CreateAsync();
        var books = store.Open();
        await books.TryCommitAsync(new(Fleet, HeldSpot: 1), Example.Reservation(Fleet, 1), null, Stop);
        var (_, version) = await books.ReadAsync(Fleet, Stop);
        var next = Example.Reservation(Fleet, 1, state: state);

        (await books.TryCommitAsync(new(Fleet), next, version, Stop)).ShouldBeTrue();

        (await books.ListAsync(Fleet, Stop)).ShouldBe([next]);
    }

    [Fact]
    public async Task Commit_at_another_version_writes_nothing()
    {
        await using var store = await CreateAsync();
        var books = store.Open();
        await books.TryCommitAsync(new(Fleet, HeldSpot: 1), Example.Reservation(Fleet, 1), null, Stop);
        var (_, first) = await books.ReadAsync(Fleet, Stop);
        await books.TryCommitAsync(new(Fleet, HeldSpot: 2), Example.Reservation(Fleet, 2), first, Stop);
        var before = await books.ReadAsync(Fleet, Stop);

        var late = new CapacityBook(Fleet, HeldSpot: 99);
        (await books.TryCommitAsync(late, Example.Reservation(Fleet, 3), first, Stop)).ShouldBeFalse();
        (await books.TryCommitAsync(late, Example.Reservation(Fleet, 1, 98), first, Stop)).ShouldBeFalse();
        (await books.TryCommitAsync(late, Example.Reservation(Fleet, 4), null, Stop)).ShouldBeFalse();

        (await books.ReadAsync(Fleet, Stop)).ShouldBe(before);
        before.Book.HeldSpot.ShouldBe(2);
        (await books.ListAsync(Fleet, Stop)).ShouldBe([Example.Reservation(Fleet, 1), Example.Reservation(Fleet, 2)]);
    }

    [Fact]
    public async Task Commit_to_a_version_of_a_book_that_does_not_exist_conflicts()
    {
        await using var store = await CreateAsync();
        var books = store.Open();
        await books.TryCommitAsync(new(Fleet, HeldSpot: 1), Example.Reservation(Fleet, 1), null, Stop);
        var (_, version) = await books.ReadAsync(Fleet, Stop);
        var other = Example.FleetB;

        (await books.TryCommitAsync(new(other), Example.Reservation(other, 1), version, Stop)).ShouldBeFalse();

        (await books.ReadAsync(other, Stop)).ShouldBe((new CapacityBook(other), null));
        (await books.ListAsync(other, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Book_alone_is_corrected_at_its_version_and_no_other()
    {
        await using var store = await CreateAsync();
        var books = store.Open();
        var (first, second) = (new CapacityBook(Fleet, HeldSpot: 7), new CapacityBook(Fleet, HeldSpot: 1));

        (await books.TryCorrectAsync(first, null, Stop)).ShouldBeTrue();
        (await books.TryCorrectAsync(second, null, Stop)).ShouldBeFalse();
        var (_, version) = await books.ReadAsync(Fleet, Stop);
        await books.TryCommitAsync(first, Example.Reservation(Fleet, 1), version, Stop);
        (await books.TryCorrectAsync(second, version, Stop)).ShouldBeFalse();
        (await books.ReadAsync(Fleet, Stop)).Book.ShouldBe(first);
        (_, version) = await books.ReadAsync(Fleet, Stop);
        (await store.Open().TryCorrectAsync(second, version, Stop)).ShouldBeTrue();

        (await books.ReadAsync(Fleet, Stop)).Book.ShouldBe(second);
        (await books.TryCorrectAsync(first, version, Stop)).ShouldBeFalse();
        (await books.ListAsync(Fleet, Stop)).ShouldBe([Example.Reservation(Fleet, 1)]);
    }

    [Fact]
    public async Task Version_moves_even_where_the_book_stays_the_same()
    {
        await using var store = await CreateAsync();
        var books = store.Open();
        await books.TryCommitAsync(new(Fleet), Example.Reservation(Fleet, 1), null, Stop);
        var (book, first) = await books.ReadAsync(Fleet, Stop);

        await books.TryCommitAsync(book, Example.Reservation(Fleet, 1), first, Stop);

        (await books.ReadAsync(Fleet, Stop)).Version.ShouldNotBe(first, StringComparer.Ordinal);
        (await books.TryCommitAsync(book, Example.Reservation(Fleet, 2), first, Stop)).ShouldBeFalse();
    }

    [Fact]
    public async Task Reservation_of_another_fleet_is_refused()
    {
        await using var store = await CreateAsync();
        var books = store.Open();

        await Should.ThrowAsync<ArgumentException>(() =>
            books.TryCommitAsync(new(Fleet), Example.Reservation(Example.FleetB, 1), null, Stop)
        );

        (await books.ReadAsync(Fleet, Stop)).Version.ShouldBeNull();
        (await books.ListAsync(Example.FleetB, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Fleet_lists_its_own_reservations_by_lease_and_its_tombstones_too()
    {
        await using var store = await CreateAsync();
        var books = store.Open();
        int[] leases = [.. Enumerable.Range(0, 130).Select(number => (number * 37) % 130)];
        await books.TryCommitAsync(new(Example.FleetB), Example.Reservation(Example.FleetB, 500), null, Stop);
        foreach (var lease in leases)
        {
            var state = (ReservationState)(lease % 4);
            var (_, version) = await books.ReadAsync(Fleet, Stop);
            (
                await books.TryCommitAsync(new(Fleet), Example.Reservation(Fleet, lease, state: state), version, Stop)
            ).ShouldBeTrue();
        }

        (await books.ListAsync(Fleet, Stop)).ShouldBe(
            Enumerable
                .Range(0, 130)
                .Select(lease => Example.Reservation(Fleet, lease, state: (ReservationState)(lease % 4)))
        );
    }

    [Fact]
    public async Task Tombstone_is_forgotten_and_nothing_else()
    {
        await using var store = await CreateAsync();
        var books = store.Open();
        await CommitAsync(books, Example.Reservation(Fleet, 1, state: ReservationState.Released));
        await CommitAsync(books, Example.Reservation(Fleet, 2, state: ReservationState.Released));
        var book = (await books.ReadAsync(Fleet, Stop)).Book;

        await books.ForgetAsync(Fleet, Example.Lease(1), Stop);
        await books.ForgetAsync(Fleet, Example.Lease(1), Stop);
        await books.ForgetAsync(Example.FleetB, Example.Lease(2), Stop);

        (await books.FindAsync(Fleet, Example.Lease(1), Stop)).ShouldBeNull();
        (await books.ListAsync(Fleet, Stop)).Select(one => one.Lease).ShouldBe([Example.Lease(2)]);
        (await books.ReadAsync(Fleet, Stop)).Book.ShouldBe(book);
    }

    [Theory]
    [InlineData(ReservationState.Held)]
    [InlineData(ReservationState.Active)]
    [InlineData(ReservationState.InNotice)]
    public async Task Live_reservation_cannot_be_forgotten(ReservationState state)
    {
        await using var store = await CreateAsync();
        var books = store.Open();
        var live = Example.Reservation(Fleet, 1, state: state);
        await CommitAsync(books, live);

        await Should.ThrowAsync<InvalidOperationException>(() => books.ForgetAsync(Fleet, live.Lease, Stop));

        (await books.FindAsync(Fleet, live.Lease, Stop)).ShouldBe(live);
    }

    [Fact]
    public async Task One_of_many_writers_wins_a_version()
    {
        await using var store = await CreateAsync();
        foreach (var version in (string?[])[null, "first"])
        {
            var read = (await store.Open().ReadAsync(Fleet, Stop)).Version;
            (read is null).ShouldBe(version is null);

            var won = await AtOnceAsync(writer =>
                store
                    .Open()
                    .TryCommitAsync(
                        new(Fleet, HeldSpot: writer),
                        Example.Reservation(Fleet, writer, writer + 1),
                        read,
                        Stop
                    )
            );

            won.Count(one => one).ShouldBe(1);
            var winner = Array.IndexOf(won, true);
            (await store.Open().ReadAsync(Fleet, Stop)).Book.HeldSpot.ShouldBe(winner);
            (await store.Open().FindAsync(Fleet, Example.Lease(winner), Stop))!.Gpus.ShouldBe(winner + 1);
        }
    }

    [Fact]
    public async Task Reservations_of_many_writers_add_up_to_the_book()
    {
        await using var store = await CreateAsync();
        const int Each = 3;

        await AtOnceAsync(async writer =>
        {
            var books = store.Open();
            for (var number = 0; number < Each; number++)
            {
                await HoldAsync(books, Example.Reservation(Fleet, (writer * Each) + number, writer + 1));
            }
            return true;
        });

        var (book, _) = await store.Open().ReadAsync(Fleet, Stop);
        var reservations = await store.Open().ListAsync(Fleet, Stop);
        reservations.Count.ShouldBe(Writers * Each);
        book.HeldSpot.ShouldBe(reservations.Sum(reservation => reservation.Gpus));
    }

    private static async Task HoldAsync(ICapacityBooks books, Reservation reservation)
    {
        bool won;
        do
        {
            var (book, version) = await books.ReadAsync(Fleet, Stop);
            await Task.Yield(); // invites another writer between reading and writing
            var next = book with { HeldSpot = book.HeldSpot + reservation.Gpus };
            won = await books.TryCommitAsync(next, reservation, version, Stop);
        } while (!won);
    }

    private static async Task CommitAsync(ICapacityBooks books, Reservation reservation)
    {
        var (_, version) = await books.ReadAsync(Fleet, Stop);
        var book = new CapacityBook(Fleet, HeldSpot: 5);
        (await books.TryCommitAsync(book, reservation, version, Stop)).ShouldBeTrue();
    }
}
