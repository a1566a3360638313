using System.Collections.Concurrent;
using System.Globalization;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.InMemory;

/// <summary>
/// Threads that run into each other thousands of times: what the contracts, whose writers meet once, do not see of a
/// missing lock.
/// </summary>
public sealed class InMemoryRaceTests
{
    private const int Workers = 4;
    private const int Rounds = 10_000;
    private const int SecondsAnHour = 3_600;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fleets_lose_no_write()
    {
        var directory = new InMemoryFleetDirectory(new());
        var fleet = Example.Fleet(Example.FleetA) with { Revision = 0 };
        await directory.TryPutAsync(fleet, null, Stop);

        await RaceAsync(
            async (_, _) =>
            {
                string? version = null;
                while (version is null)
                {
                    var read = (await directory.FindAsync(fleet.Id, Stop))!;
                    var next = read.Value with { Revision = read.Value.Revision + 1 };
                    version = await directory.TryPutAsync(next, read.Version, Stop);
                }
            }
        );

        (await directory.FindAsync(fleet.Id, Stop))!.Value.Revision.ShouldBe(Workers * Rounds);
        (await directory.StampAsync(0, Stop)).ShouldBe(1 + (Workers * Rounds));
    }

    [Fact]
    public async Task Inbox_loses_no_batch()
    {
        var inbox = new InMemoryTelemetryInbox();

        await RaceAsync((worker, _) => inbox.AddAsync(0, new[] { (byte)worker }, Stop));

        (await inbox.ListAsync(0, int.MaxValue, Stop)).Count.ShouldBe(Workers * Rounds);
    }

    [Fact]
    public async Task Queue_gives_each_message_to_one_receiver()
    {
        var queue = new InMemoryTelemetryQueue(TimeProvider.System);
        var seen = new ConcurrentBag<string>();

        await RaceAsync(
            async (_, _) =>
            {
                await queue.SendAsync(new byte[] { 1 }, Stop);
                foreach (var message in await queue.ReceiveAsync(1, TimeSpan.FromHours(1), Stop))
                {
                    seen.Add(message.Id);
                    (await queue.CompleteAsync(message, Stop)).ShouldBeTrue();
                }
            }
        );

        seen.Count.ShouldBe(Workers * Rounds);
        seen.ShouldBeUnique();
    }

    [Fact]
    public async Task Request_log_counts_each_request_once()
    {
        var log = new InMemoryRequestLog();

        await RaceAsync(
            (_, round) => log.RecordAsync(0, new(new(60), $"k{round}", Example.FleetA, 1, Example.Tenant), Stop)
        );

        (await log.ListAsync(0, new(120), Stop)).Count.ShouldBe(Rounds);
    }

    [Fact]
    public async Task Shard_state_loses_no_write()
    {
        var shards = new InMemoryShardStore();
        await shards.TrySaveStateAsync(0, BitConverter.GetBytes(0), null, Stop);

        await RaceAsync(
            async (_, _) =>
            {
                string? version = null;
                while (version is null)
                {
                    var read = (await shards.LoadStateAsync(0, Stop))!;
                    var next = BitConverter.ToInt32(read.Value.Span) + 1;
                    version = await shards.TrySaveStateAsync(0, BitConverter.GetBytes(next), read.Version, Stop);
                }
            }
        );

        var state = (await shards.LoadStateAsync(0, Stop))!.Value;
        BitConverter.ToInt32(state.Span).ShouldBe(Workers * Rounds);
    }

    [Fact]
    public async Task Records_stand_once_whoever_appends_them()
    {
        var shards = new InMemoryShardStore();

        await RaceAsync(
            (_, round) => shards.AppendRecordAsync(0, new(round), BitConverter.GetBytes(round), Stop),
            rounds: SecondsAnHour
        );

        var records = await shards.ReadRecordsAsync(0, DateTimeOffset.UnixEpoch, Stop);
        Enumerable
            .Range(0, records.Length / 4)
            .Select(index => BitConverter.ToInt32(records.Span[(4 * index)..]))
            .ShouldBe(Enumerable.Range(0, SecondsAnHour));
    }

    [Fact]
    public async Task Capacity_books_sell_nothing_twice()
    {
        var books = new InMemoryCapacityBooks();

        await RaceAsync(
            async (worker, round) =>
            {
                var reservation = Example.Reservation(Example.FleetA, (worker * Rounds) + round);
                var won = false;
                while (!won)
                {
                    var (book, version) = await books.ReadAsync(Example.FleetA, Stop);
                    won = await books.TryCommitAsync(
                        book with
                        {
                            HeldSpot = book.HeldSpot + 1,
                        },
                        reservation,
                        version,
                        Stop
                    );
                }
            }
        );

        (await books.ReadAsync(Example.FleetA, Stop)).Book.HeldSpot.ShouldBe(Workers * Rounds);
        (await books.ListAsync(Example.FleetA, Stop)).Count.ShouldBe(Workers * Rounds);
    }

    [Fact]
    public async Task Journal_gives_each_version_to_one_writer()
    {
        var journal = new InMemoryLeaseJournal();
        var won = 0;

        await RaceAsync(
            async (worker, round) =>
            {
                StoredEvent[] events = [new(round + 1, default)];
                PendingEffect[] effects = [new(round + 1, worker, default)];
                if (await journal.TryAppendAsync(Example.Lease(1), round, events, effects, [], Stop))
                {
                    Interlocked.Increment(ref won);
                }
            }
        );

        var stream = await journal.ReadAsync(Example.Lease(1), Stop);
        won.ShouldBe(Rounds);
        stream.Events.Select(one => one.Version).ShouldBe(Enumerable.Range(1, Rounds).Select(version => (long)version));
        stream.Effects.Select(one => one.Version).ShouldBe(stream.Events.Select(one => one.Version));
    }

    [Fact]
    public async Task Wakeups_are_all_there()
    {
        var wakeups = new InMemoryWakeups();

        await RaceAsync(
            async (worker, round) =>
            {
                var wakeup = new Wakeup(Example.Lease(round), Example.FleetA, Example.Noon.AddSeconds(worker));
                await wakeups.ScheduleAsync(wakeup, Stop);
                await wakeups.ScheduleAsync(wakeup with { Fleet = Example.FleetB }, Stop);
                await wakeups.RemoveAsync(wakeup with { Fleet = Example.FleetB }, Stop);
            }
        );

        (await wakeups.DueAsync(DateTimeOffset.MaxValue, int.MaxValue, Stop)).Count.ShouldBe(Workers * Rounds);
    }

    [Fact]
    public async Task Views_keep_the_latest_version_of_each_lease()
    {
        var views = new InMemoryLeaseViews();

        await RaceAsync((worker, round) => views.PutAsync(Example.View("acme", round, version: worker + 1), Stop));

        var leases = new List<LeaseView>();
        string? cursor = null;
        do
        {
            var page = await views.ListAsync(null, cursor, 1_000, Stop);
            leases.AddRange(page.Leases);
            cursor = page.Next;
        } while (cursor is not null);
        leases.Count.ShouldBe(Rounds);
        leases.ShouldAllBe(view => view.Version == Workers);
    }

    [Fact]
    public async Task Idempotency_keys_are_claimed_once_each()
    {
        var keys = new InMemoryIdempotencyKeys();
        var claimed = 0;

        await RaceAsync(
            async (_, round) =>
            {
                var key = round.ToString(CultureInfo.InvariantCulture);
                var life = TimeSpan.FromSeconds(30);
                if (await keys.TryClaimAsync(Example.Tenant, key, "hash", Example.Noon, life, Stop) is null)
                {
                    Interlocked.Increment(ref claimed);
                }
            }
        );

        claimed.ShouldBe(Rounds);
        keys.Count.ShouldBe(Rounds);
    }

    [Fact]
    public async Task Refusals_are_all_counted()
    {
        var refusals = new InMemoryRefusals();

        await RaceAsync((_, round) => refusals.AddAsync([Example.Refusal("f", round)], Example.Noon, Stop));

        var summary = await refusals.ReadAsync("f", Stop);
        summary.Count.ShouldBe(Workers * Rounds);
        summary.Latest.Count.ShouldBe(100);
    }

    /// <summary>Every worker does every round, and all begin at once.</summary>
    private static async Task RaceAsync(Func<int, int, Task> work, int rounds = Rounds)
    {
        using var start = new Barrier(Workers);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => RunAsync(worker), Stop)));

        async Task RunAsync(int worker)
        {
            start.SignalAndWait(Stop);
            for (var round = 0; round < rounds; round++)
            {
                await work(worker, round);
            }
        }
    }
}
