using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class EventFeedContract : PortContract<IEventFeed>
{
    private const int All = 1_000;
    private static readonly TenantId Other = TenantId.Parse("globex");

    [Fact]
    public async Task Nothing_published_is_nothing_to_read()
    {
        await using var store = await CreateAsync();
        var feed = store.Open();

        (await feed.ReadAsync(Example.Tenant, 0, All, Stop)).ShouldBeEmpty();
        (await feed.ReadAsync(Example.Tenant, 7, All, Stop)).ShouldBeEmpty();
        (await feed.LatestAsync(Example.Tenant, Stop)).ShouldBe(0);
        (await feed.TenantsAsync(null, All, Stop)).ShouldBeEmpty();
        (await feed.TrimAsync(Example.Tenant, DateTimeOffset.MaxValue, All, Stop)).ShouldBe(0);
    }

    [Fact]
    public async Task Events_come_back_whole_in_order_and_without_gaps()
    {
        await using var store = await CreateAsync();
        await PublishAsync(store, 3);

        var entries = await store.Open().ReadAsync(Example.Tenant, 0, All, Stop);

        entries.Select(entry => entry.Sequence).ShouldBe([1, 2, 3]);
        foreach (var (entry, number) in entries.Zip([1, 2, 3]))
        {
            var told = Example.Told(number);
            entry.Event.Json.ToArray().ShouldBe(told.Json.ToArray());
            (entry.Event with { Json = default }).ShouldBe(told with { Json = default });
        }
        (await store.Open().LatestAsync(Example.Tenant, Stop)).ShouldBe(3);
    }

    [Theory]
    [InlineData(0, 2, "1 2")]
    [InlineData(2, 2, "3 4")]
    [InlineData(4, 2, "5")]
    [InlineData(5, 2, "")]
    [InlineData(9, 2, "")]
    [InlineData(1, 1_000, "2 3 4 5")]
    public async Task Page_begins_behind_its_cursor(long after, int most, string found)
    {
        await using var store = await CreateAsync();
        await PublishAsync(store, 5);

        var entries = await store.Open().ReadAsync(Example.Tenant, after, most, Stop);

        string.Join(' ', entries.Select(entry => entry.Sequence)).ShouldBe(found);
    }

    [Fact]
    public async Task Event_that_is_published_again_is_listed_once()
    {
        await using var store = await CreateAsync();
        await PublishAsync(store, 2);

        await store.Open().AppendAsync(Example.Tenant, Example.Told(1) with { Json = Example.Json("later") }, Stop);
        await store.Open().AppendAsync(Example.Tenant, Example.Told(3), Stop);

        var entries = await store.Open().ReadAsync(Example.Tenant, 0, All, Stop);
        entries.Select(entry => entry.Event.Id).ShouldBe(new[] { 1, 2, 3 }.Select(number => Example.Told(number).Id));
        entries[0].Event.Json.ToArray().ShouldBe(Example.Told(1).Json.ToArray());
        entries[^1].Sequence.ShouldBe(3);
    }

    [Fact]
    public async Task Tenants_have_feeds_of_their_own()
    {
        await using var store = await CreateAsync();
        await PublishAsync(store, 2);
        await store.Open().AppendAsync(Other, Example.Told(1), Stop);

        (await store.Open().ReadAsync(Other, 0, All, Stop)).ShouldHaveSingleItem().Sequence.ShouldBe(1);
        (await store.Open().ReadAsync(Example.Tenant, 0, All, Stop)).Count.ShouldBe(2);
        (await store.Open().TenantsAsync(null, All, Stop)).ShouldBe([Example.Tenant, Other]);
        (await store.Open().TenantsAsync(null, 1, Stop)).ShouldBe([Example.Tenant]);
        (await store.Open().TenantsAsync(Example.Tenant, 1, Stop)).ShouldBe([Other]);
    }

    [Fact]
    public async Task Caller_may_use_its_bytes_again()
    {
        await using var store = await CreateAsync();
        var told = Example.Told(1);
        await store.Open().AppendAsync(Example.Tenant, told, Stop);

        Scribble(told.Json);

        var entries = await store.Open().ReadAsync(Example.Tenant, 0, All, Stop);
        entries[0].Event.Json.ToArray().ShouldBe(Example.Told(1).Json.ToArray());
    }

    /// <summary>The promise that readers live by: behind what they have read nothing appears.</summary>
    [Fact]
    public async Task Reader_misses_nothing_however_many_write()
    {
        const int Each = 12;
        await using var store = await CreateAsync();
        var processes = Enumerable.Range(0, 4).Select(_ => store.Open()).ToArray();
        using var written = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var reading = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => FollowAsync(store, written.Token)));

        await AtOnceAsync(async writer =>
        {
            var feed = processes[writer % processes.Length];
            for (var number = 0; number < Each; number++)
            {
                await feed.AppendAsync(Example.Tenant, Example.Told((writer * Each) + number), Stop);
            }
            return writer;
        });
        await written.CancelAsync();

        var all = await store.Open().ReadAsync(Example.Tenant, 0, All, Stop);
        all.Select(entry => entry.Sequence).ShouldBe(Enumerable.Range(1, Writers * Each).Select(n => (long)n));
        all.Select(entry => entry.Event.Id).ShouldBeUnique();
        foreach (var seen in await reading)
        {
            seen.ShouldBe(all.Select(entry => entry.Event.Id));
        }
    }

    [Fact]
    public async Task Writers_of_one_process_keep_each_writers_order()
    {
        const int Each = 8;
        await using var store = await CreateAsync();
        var feed = store.Open();

        await AtOnceAsync(async writer =>
        {
            for (var number = 0; number < Each; number++)
            {
                await feed.AppendAsync(Example.Tenant, Example.Told((writer * Each) + number), Stop);
            }
            return writer;
        });

        var ids = (await feed.ReadAsync(Example.Tenant, 0, All, Stop)).Select(entry => entry.Event.Id).ToList();
        ids.Count.ShouldBe(Writers * Each);
        for (var writer = 0; writer < Writers; writer++)
        {
            var own = Enumerable.Range(writer * Each, Each).Select(number => ids.IndexOf(Example.Told(number).Id));
            own.ShouldBe(own.Order());
        }
    }

    [Fact]
    public async Task Event_that_many_publish_at_once_is_listed_once()
    {
        await using var store = await CreateAsync();
        var one = store.Open();

        await AtOnceAsync(async writer =>
        {
            var feed = writer % 2 == 0 ? one : store.Open();
            await feed.AppendAsync(Example.Tenant, Example.Told(1), Stop);
            return writer;
        });

        (await store.Open().ReadAsync(Example.Tenant, 0, All, Stop)).ShouldHaveSingleItem().Sequence.ShouldBe(1);
    }

    [Fact]
    public async Task Trimming_takes_the_oldest_and_sequences_go_on()
    {
        await using var store = await CreateAsync();
        await PublishAsync(store, 5);

        (await store.Open().TrimAsync(Example.Tenant, Example.Noon.AddMinutes(4), 2, Stop)).ShouldBe(2);
        (await store.Open().TrimAsync(Example.Tenant, Example.Noon.AddMinutes(4), 2, Stop)).ShouldBe(1);
        (await store.Open().TrimAsync(Example.Tenant, Example.Noon.AddMinutes(4), 2, Stop)).ShouldBe(0);

        await store.Open().AppendAsync(Example.Tenant, Example.Told(5), Stop); // kept, and so known
        await store.Open().AppendAsync(Example.Tenant, Example.Told(1), Stop); // trimmed, and so forgotten
        var entries = await store.Open().ReadAsync(Example.Tenant, 0, All, Stop);
        entries.Select(entry => entry.Sequence).ShouldBe([4, 5, 6]);
        (await store.Open().ReadAsync(Example.Tenant, 4, 1, Stop)).ShouldHaveSingleItem().Sequence.ShouldBe(5);
        (await store.Open().ReadAsync(Example.Tenant, 2, 1, Stop)).ShouldHaveSingleItem().Sequence.ShouldBe(4);
    }

    [Fact]
    public async Task Trimming_stops_at_the_first_that_is_young()
    {
        await using var store = await CreateAsync();
        foreach (var number in (int[])[1, 9, 2])
        {
            await store.Open().AppendAsync(Example.Tenant, Example.Told(number), Stop);
        }

        (await store.Open().TrimAsync(Example.Tenant, Example.Noon.AddMinutes(5), All, Stop)).ShouldBe(1);

        (await store.Open().ReadAsync(Example.Tenant, 0, All, Stop)).Select(e => e.Sequence).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task Feed_that_was_trimmed_empty_goes_on_where_it_was()
    {
        await using var store = await CreateAsync();
        await PublishAsync(store, 2);
        await store.Open().TrimAsync(Example.Tenant, Example.Noon.AddMinutes(99), All, Stop);

        (await store.Open().ReadAsync(Example.Tenant, 0, All, Stop)).ShouldBeEmpty();
        (await store.Open().LatestAsync(Example.Tenant, Stop)).ShouldBe(2);
        await store.Open().AppendAsync(Example.Tenant, Example.Told(3), Stop);
        (await store.Open().ReadAsync(Example.Tenant, 0, All, Stop)).ShouldHaveSingleItem().Sequence.ShouldBe(3);
    }

    [Theory]
    [InlineData("", 10)]
    [InlineData("UPPER-1", 10)]
    [InlineData("a/b", 10)]
    [InlineData("fine", FeedEvent.MaxJsonBytes + 1)]
    public async Task Event_that_no_adapter_can_hold_is_refused(string id, int bytes)
    {
        await using var store = await CreateAsync();
        var told = Example.Told(1) with { Id = id, Json = new byte[bytes] };

        await Should.ThrowAsync<ArgumentException>(() => store.Open().AppendAsync(Example.Tenant, told, Stop));
    }

    [Fact]
    public async Task Largest_events_go_out_together()
    {
        await using var store = await CreateAsync();
        var feed = store.Open();

        await AtOnceAsync(async writer =>
        {
            var told = Example.Told(writer) with { Json = Example.Bytes(FeedEvent.MaxJsonBytes, writer) };
            await feed.AppendAsync(Example.Tenant, told, Stop);
            return writer;
        });

        (await feed.ReadAsync(Example.Tenant, 0, All, Stop)).Count.ShouldBe(Writers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_001)]
    public async Task Page_size_out_of_range_is_refused(int most)
    {
        await using var store = await CreateAsync();
        var feed = store.Open();

        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => feed.ReadAsync(Example.Tenant, 0, most, Stop));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => feed.TenantsAsync(null, most, Stop));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() =>
            feed.TrimAsync(Example.Tenant, Example.Noon, most, Stop)
        );
    }

    /// <summary>Reads on and on, as a listener does, and once more when all has been written.</summary>
    private static async Task<List<string>> FollowAsync(IFreshStore<IEventFeed> store, CancellationToken written)
    {
        var (feed, seen, after) = (store.Open(), new List<string>(), 0L);
        for (var isLast = false; ; )
        {
            var entries = await feed.ReadAsync(Example.Tenant, after, 3, Stop);
            seen.AddRange(entries.Select(entry => entry.Event.Id));
            after = entries.Count > 0 ? entries[^1].Sequence : after;
            if (entries.Count > 0)
            {
                continue;
            }
            if (isLast)
            {
                return seen;
            }
            isLast = written.IsCancellationRequested;
            await Task.Yield();
        }
    }

    private static async Task PublishAsync(IFreshStore<IEventFeed> store, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            await store.Open().AppendAsync(Example.Tenant, Example.Told(number), Stop);
        }
    }
}
