using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class DeadLettersContract : PortContract<IDeadLetters>
{
    private const int All = 1_000;
    private static readonly WebhookId One = Example.Webhook("acme", 1).Id;
    private static readonly WebhookId Other = Example.Webhook("acme", 2).Id;

    [Fact]
    public async Task Letters_come_back_whole_in_the_feeds_order()
    {
        await using var store = await CreateAsync();
        await PutAsync(store, 12, 3, 7);

        var letters = await store.Open().ListAsync(Example.Tenant, One, 0, All, Stop);

        letters.Select(letter => letter.Sequence).ShouldBe([3, 7, 12]);
        var (read, put) = (letters[1], Example.Letter(7));
        (read.Tries, read.Failure, read.At).ShouldBe((put.Tries, put.Failure, put.At));
        read.Entry.Event.Json.ToArray().ShouldBe(put.Entry.Event.Json.ToArray());
        (read.Entry.Event with { Json = default }).ShouldBe(put.Entry.Event with { Json = default });
    }

    [Theory]
    [InlineData(0, 2, "1 2")]
    [InlineData(2, 2, "3")]
    [InlineData(3, 2, "")]
    public async Task Page_begins_behind_its_cursor(long after, int most, string found)
    {
        await using var store = await CreateAsync();
        await PutAsync(store, 1, 2, 3);

        var page = await store.Open().ListAsync(Example.Tenant, One, after, most, Stop);

        string.Join(' ', page.Select(letter => letter.Sequence)).ShouldBe(found);
    }

    [Fact]
    public async Task Webhooks_have_letters_of_their_own()
    {
        await using var store = await CreateAsync();
        await PutAsync(store, 1);

        (await store.Open().ListAsync(Example.Tenant, Other, 0, All, Stop)).ShouldBeEmpty();
        (await store.Open().ListAsync(TenantId.Parse("globex"), One, 0, All, Stop)).ShouldBeEmpty();
        await store.Open().ClearAsync(Example.Tenant, Other, Stop);
        (await store.Open().ListAsync(Example.Tenant, One, 0, All, Stop)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Letters_past_the_most_are_refused_and_those_that_are_there_are_written_anew()
    {
        await using var store = await CreateAsync();
        await PutAsync(store, 1, 2, 3);
        var again = Example.Letter(2) with { Tries = 11 };

        (await store.Open().TryPutAsync(Example.Tenant, One, Example.Letter(4), most: 3, Stop)).ShouldBeFalse();
        (await store.Open().TryPutAsync(Example.Tenant, One, again, most: 3, Stop)).ShouldBeTrue();

        var letters = await store.Open().ListAsync(Example.Tenant, One, 0, All, Stop);
        letters.Select(letter => letter.Tries).ShouldBe([10, 11, 10]);
    }

    [Fact]
    public async Task Letters_are_removed_one_by_one_or_all()
    {
        await using var store = await CreateAsync();
        await PutAsync(store, 1, 2, 3);

        await store.Open().RemoveAsync(Example.Tenant, One, 2, Stop);
        await store.Open().RemoveAsync(Example.Tenant, One, 2, Stop);

        var left = await store.Open().ListAsync(Example.Tenant, One, 0, All, Stop);
        left.Select(letter => letter.Sequence).ShouldBe([1, 3]);
        await store.Open().ClearAsync(Example.Tenant, One, Stop);
        (await store.Open().ListAsync(Example.Tenant, One, 0, All, Stop)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_001)]
    public async Task Page_size_out_of_range_is_refused(int most)
    {
        await using var store = await CreateAsync();

        await Should.ThrowAsync<ArgumentOutOfRangeException>(() =>
            store.Open().ListAsync(Example.Tenant, One, 0, most, Stop)
        );
    }

    private static async Task PutAsync(IFreshStore<IDeadLetters> store, params int[] numbers)
    {
        foreach (var number in numbers)
        {
            (await store.Open().TryPutAsync(Example.Tenant, One, Example.Letter(number), All, Stop)).ShouldBeTrue();
        }
    }
}
