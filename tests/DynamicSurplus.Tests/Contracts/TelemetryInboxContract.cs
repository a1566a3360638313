using DynamicSurplus.Engine.Ports;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class TelemetryInboxContract : PortContract<ITelemetryInbox>
{
    private const int All = 10_000;

    [Fact]
    public async Task Empty_inbox_lists_nothing()
    {
        await using var store = await CreateAsync();

        (await store.Open().ListAsync(0, All, Stop)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(1 << 20)]
    public async Task Batch_comes_back_as_it_was_until_it_is_deleted(int length)
    {
        await using var store = await CreateAsync();
        var inbox = store.Open();
        var batch = Example.Bytes(length);
        await inbox.AddAsync(0, batch, Stop);

        var entry = (await store.Open().ListAsync(0, All, Stop)).ShouldHaveSingleItem();

        (await inbox.ReadAsync(0, entry, Stop))!.Value.Span.SequenceEqual(batch).ShouldBeTrue();
        (await store.Open().ReadAsync(0, entry, Stop))!.Value.Span.SequenceEqual(batch).ShouldBeTrue();
        await inbox.DeleteAsync(0, [entry], Stop);
        (await inbox.ReadAsync(0, entry, Stop)).ShouldBeNull();
        (await inbox.ListAsync(0, All, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Entries_list_by_name_which_is_the_order_of_arrival()
    {
        await using var store = await CreateAsync();
        for (byte number = 0; number < 12; number++)
        {
            await store.Open().AddAsync(0, new[] { number }, Stop);
            await store.PassAsync(TimeSpan.FromMilliseconds(5));
        }
        var inbox = store.Open();

        var entries = await inbox.ListAsync(0, All, Stop);
        var bodies = new List<byte>();
        foreach (var entry in entries)
        {
            bodies.Add((await inbox.ReadAsync(0, entry, Stop))!.Value.Span[0]);
        }

        entries.ShouldBe(entries.Order(StringComparer.Ordinal));
        bodies.ShouldBe(Enumerable.Range(0, 12).Select(number => (byte)number));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task List_gives_the_oldest_first_and_no_more_than_asked(int most)
    {
        await using var store = await CreateAsync();
        var inbox = store.Open();
        for (var number = 0; number < 7; number++)
        {
            await inbox.AddAsync(0, Example.Bytes(3, number), Stop);
        }
        var all = await inbox.ListAsync(0, All, Stop);

        (await inbox.ListAsync(0, most, Stop)).ShouldBe(all.Take(most));
    }

    [Fact]
    public async Task Equal_batches_are_two_entries()
    {
        await using var store = await CreateAsync();
        var inbox = store.Open();

        await inbox.AddAsync(0, Example.Bytes(10), Stop);
        await inbox.AddAsync(0, Example.Bytes(10), Stop);

        (await inbox.ListAsync(0, All, Stop)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Deletion_takes_any_number_even_of_entries_that_are_gone()
    {
        await using var store = await CreateAsync();
        var inbox = store.Open();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 251),
            Stop,
            async (number, stop) => await inbox.AddAsync(0, Example.Bytes(8, number), stop)
        );
        var entries = await inbox.ListAsync(0, All, Stop);
        await inbox.DeleteAsync(0, [.. entries.Take(10)], Stop);

        await inbox.DeleteAsync(0, [.. entries.Take(250)], Stop);
        await inbox.DeleteAsync(0, [], Stop);

        (await inbox.ListAsync(0, All, Stop)).ShouldBe(entries.Skip(250));
    }

    [Fact]
    public async Task Shards_are_apart()
    {
        await using var store = await CreateAsync();
        var inbox = store.Open();
        foreach (var shard in (int[])[1, 11, 2])
        {
            await inbox.AddAsync(shard, new[] { (byte)shard }, Stop);
        }
        var entry = (await inbox.ListAsync(1, All, Stop)).ShouldHaveSingleItem();

        await inbox.DeleteAsync(2, await inbox.ListAsync(2, All, Stop), Stop);

        (await inbox.ReadAsync(1, entry, Stop))!.Value.ToArray().ShouldBe([(byte)1]);
        (await inbox.ListAsync(11, All, Stop)).Count.ShouldBe(1);
        (await inbox.ListAsync(2, All, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Entries_of_many_writers_are_all_kept()
    {
        await using var store = await CreateAsync();
        await AtOnceAsync(async writer =>
        {
            var inbox = store.Open();
            for (var number = 0; number < 5; number++)
            {
                await inbox.AddAsync(0, new[] { (byte)writer, (byte)number }, Stop);
            }
            return true;
        });

        var entries = await store.Open().ListAsync(0, All, Stop);
        var bodies = new HashSet<(byte, byte)>();
        foreach (var entry in entries)
        {
            var body = (await store.Open().ReadAsync(0, entry, Stop))!.Value.ToArray();
            bodies.Add((body[0], body[1]));
        }

        bodies.Count.ShouldBe(Writers * 5);
    }

    [Fact]
    public async Task Stored_bytes_are_nobodys_but_the_stores()
    {
        await using var store = await CreateAsync();
        var inbox = store.Open();
        var batch = Example.Bytes(64);
        await inbox.AddAsync(0, batch, Stop);
        Scribble(batch);
        var entry = (await inbox.ListAsync(0, All, Stop)).ShouldHaveSingleItem();

        Scribble((await inbox.ReadAsync(0, entry, Stop))!.Value);

        (await inbox.ReadAsync(0, entry, Stop))!.Value.ToArray().ShouldBe(Example.Bytes(64));
    }
}
