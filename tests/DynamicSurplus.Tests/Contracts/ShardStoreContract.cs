using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class ShardStoreContract : PortContract<IShardStore>
{
    private static readonly Tick First = new(Example.Noon.ToUnixTimeSeconds());

    [Fact]
    public async Task Nothing_is_there_before_the_first_cycle()
    {
        await using var store = await CreateAsync();
        var shards = store.Open();

        (await shards.LoadStateAsync(0, Stop)).ShouldBeNull();
        (await shards.LoadBookAsync(0, null, Stop)).ShouldBeNull();
        (await shards.LoadBookAsync(0, "\"unheard-of\"", Stop)).ShouldBeNull();
        (await shards.ReadRecordsAsync(0, Example.Noon, Stop)).Length.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(9 << 20)]
    public async Task State_comes_back_whole(int length)
    {
        await using var store = await CreateAsync();
        var version = await store.Open().TrySaveStateAsync(0, Example.Bytes(length), null, Stop);

        var loaded = await store.Open().LoadStateAsync(0, Stop);

        loaded!.Version.ShouldBe(version);
        loaded.Value.Span.SequenceEqual(Example.Bytes(length)).ShouldBeTrue();
        (await store.Open().LoadStateAsync(1, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task First_state_is_saved_only_where_none_exists()
    {
        await using var store = await CreateAsync();
        var shards = store.Open();
        await shards.TrySaveStateAsync(0, Example.Bytes(10, 1), null, Stop);

        (await shards.TrySaveStateAsync(0, Example.Bytes(10, 2), null, Stop)).ShouldBeNull();
        (await shards.TrySaveStateAsync(1, Example.Bytes(10, 2), "\"unheard-of\"", Stop)).ShouldBeNull();

        (await shards.LoadStateAsync(0, Stop))!.Value.ToArray().ShouldBe(Example.Bytes(10, 1));
        (await shards.LoadStateAsync(1, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task State_is_replaced_only_at_the_version_that_was_read()
    {
        await using var store = await CreateAsync();
        var shards = store.Open();
        var first = await shards.TrySaveStateAsync(0, Example.Bytes(20, 1), null, Stop);

        var second = await store.Open().TrySaveStateAsync(0, Example.Bytes(10, 2), first, Stop);
        var stale = await shards.TrySaveStateAsync(0, Example.Bytes(10, 3), first, Stop);

        second.ShouldNotBeNull();
        second.ShouldNotBe(first, StringComparer.Ordinal);
        stale.ShouldBeNull();
        var loaded = await shards.LoadStateAsync(0, Stop);
        loaded!.Version.ShouldBe(second);
        loaded.Value.ToArray().ShouldBe(Example.Bytes(10, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_of_many_cycles_wins(bool exists)
    {
        await using var store = await CreateAsync();
        var version = exists ? await store.Open().TrySaveStateAsync(0, Example.Bytes(10), null, Stop) : null;

        var versions = await AtOnceAsync(writer =>
            store.Open().TrySaveStateAsync(0, new[] { (byte)writer }, version, Stop)
        );

        versions.Count(won => won is not null).ShouldBe(1);
        var winner = Array.FindIndex(versions, won => won is not null);
        (await store.Open().LoadStateAsync(0, Stop))!.Value.ToArray().ShouldBe([(byte)winner]);
    }

    [Fact]
    public async Task Book_is_given_unless_the_caller_has_it()
    {
        await using var store = await CreateAsync();
        var shards = store.Open();
        await shards.PutBookAsync(0, Example.Bytes(1000, 1), Stop);
        var first = await shards.LoadBookAsync(0, null, Stop);
        (await shards.LoadBookAsync(0, first!.Version, Stop)).ShouldBeNull();
        (await store.Open().LoadBookAsync(1, null, Stop)).ShouldBeNull();

        await store.Open().PutBookAsync(0, Example.Bytes(1000, 2), Stop);
        var second = await shards.LoadBookAsync(0, first.Version, Stop);

        first.Value.ToArray().ShouldBe(Example.Bytes(1000, 1));
        second!.Value.ToArray().ShouldBe(Example.Bytes(1000, 2));
        (await shards.LoadBookAsync(0, second.Version, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Book_has_a_new_version_even_where_its_bytes_are_the_same()
    {
        await using var store = await CreateAsync();
        var shards = store.Open();
        await shards.PutBookAsync(0, Example.Bytes(10), Stop);
        var first = await shards.LoadBookAsync(0, null, Stop);

        await shards.PutBookAsync(0, Example.Bytes(10), Stop);

        (await shards.LoadBookAsync(0, first!.Version, Stop))!.Version.ShouldNotBe(
            first.Version,
            StringComparer.Ordinal
        );
    }

    [Fact]
    public async Task Records_of_an_hour_stand_in_the_order_of_their_ticks()
    {
        await using var store = await CreateAsync();
        var frames = Enumerable.Range(0, 60).Select(minute => Example.Bytes(1000 + minute, minute)).ToArray();
        for (var minute = 0; minute < 60; minute++)
        {
            await store.Open().AppendRecordAsync(3, Minute(minute), frames[minute], Stop);
        }
        await store.Open().AppendRecordAsync(3, Minute(60), Example.Bytes(7), Stop);

        (await RecordsAsync(store, 3, Example.Noon)).ShouldBe(frames.SelectMany(frame => frame));
        (await RecordsAsync(store, 3, Example.Noon.AddHours(1))).ShouldBe(Example.Bytes(7));
        (await RecordsAsync(store, 3, Example.Noon.AddHours(-1))).ShouldBeEmpty();
        (await RecordsAsync(store, 4, Example.Noon)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Any_instant_names_its_hour()
    {
        await using var store = await CreateAsync();
        await store.Open().AppendRecordAsync(0, Minute(30), Example.Bytes(7), Stop);

        (await RecordsAsync(store, 0, Example.Noon)).Length.ShouldBe(7);
        (await RecordsAsync(store, 0, Example.Noon.AddHours(1).AddTicks(-1))).Length.ShouldBe(7);
        (await RecordsAsync(store, 0, Example.Noon.ToOffset(TimeSpan.FromMinutes(330)))).Length.ShouldBe(7);
        (await RecordsAsync(store, 0, Example.Noon.AddHours(1))).ShouldBeEmpty();
        (await RecordsAsync(store, 0, Example.Noon.AddDays(1))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Tick_is_recorded_once_and_none_after_a_later_one()
    {
        await using var store = await CreateAsync();
        var shards = store.Open();
        await shards.AppendRecordAsync(0, Minute(1), Example.Bytes(5, 1), Stop);
        await shards.AppendRecordAsync(0, Minute(3), Example.Bytes(5, 3), Stop);

        await store.Open().AppendRecordAsync(0, Minute(3), Example.Bytes(5, 33), Stop);
        await store.Open().AppendRecordAsync(0, Minute(2), Example.Bytes(5, 2), Stop);
        await store.Open().AppendRecordAsync(0, Minute(1), Example.Bytes(5, 1), Stop);

        (await RecordsAsync(store, 0, Example.Noon)).ShouldBe([.. Example.Bytes(5, 1), .. Example.Bytes(5, 3)]);
    }

    [Fact]
    public async Task Each_hour_has_its_own_end()
    {
        await using var store = await CreateAsync();
        var shards = store.Open();
        await shards.AppendRecordAsync(0, Minute(60), Example.Bytes(5, 60), Stop);

        await shards.AppendRecordAsync(0, Minute(59), Example.Bytes(5, 59), Stop);
        await shards.AppendRecordAsync(0, Minute(60), Example.Bytes(5, 60), Stop);

        (await RecordsAsync(store, 0, Example.Noon)).ShouldBe(Example.Bytes(5, 59));
        (await RecordsAsync(store, 0, Example.Noon.AddHours(1))).ShouldBe(Example.Bytes(5, 60));
    }

    [Fact]
    public async Task Tick_that_many_record_at_once_stands_once()
    {
        await using var store = await CreateAsync();
        await store.Open().AppendRecordAsync(0, Minute(0), Example.Bytes(50, 0), Stop);

        await AtOnceAsync(async _ =>
        {
            await store.Open().AppendRecordAsync(0, Minute(1), Example.Bytes(50, 1), Stop);
            return true;
        });

        (await RecordsAsync(store, 0, Example.Noon)).ShouldBe([.. Example.Bytes(50, 0), .. Example.Bytes(50, 1)]);
    }

    [Fact]
    public async Task Stored_bytes_are_nobodys_but_the_stores()
    {
        await using var store = await CreateAsync();
        var shards = store.Open();
        var (state, book, frame) = (Example.Bytes(64, 1), Example.Bytes(64, 2), Example.Bytes(64, 3));
        await shards.TrySaveStateAsync(0, state, null, Stop);
        await shards.PutBookAsync(0, book, Stop);
        await shards.AppendRecordAsync(0, Minute(0), frame, Stop);
        Scribble(state);
        Scribble(book);
        Scribble(frame);
        Scribble((await shards.LoadStateAsync(0, Stop))!.Value);
        Scribble((await shards.LoadBookAsync(0, null, Stop))!.Value);
        Scribble(await shards.ReadRecordsAsync(0, Example.Noon, Stop));

        (await shards.LoadStateAsync(0, Stop))!.Value.ToArray().ShouldBe(Example.Bytes(64, 1));
        (await shards.LoadBookAsync(0, null, Stop))!.Value.ToArray().ShouldBe(Example.Bytes(64, 2));
        (await RecordsAsync(store, 0, Example.Noon)).ShouldBe(Example.Bytes(64, 3));
    }

    private static Tick Minute(int minute) => First.Plus(minute, TickLength.Default);

    private static async Task<byte[]> RecordsAsync(IFreshStore<IShardStore> store, int shard, DateTimeOffset hour) =>
        (await store.Open().ReadRecordsAsync(shard, hour, Stop)).ToArray();
}
