using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class DisplacedBooksContract : PortContract<IDisplacedBooks>
{
    private static readonly BillingPeriod August = new(2026, 8);
    private static readonly Tick First = new(Example.Noon.ToUnixTimeSeconds());
    private static readonly Tick Second = First.Plus(1, TickLength.Default);

    [Fact]
    public async Task Book_comes_back_whole_by_shard_and_month()
    {
        await using var store = await CreateAsync();
        await store.Open().PutAsync(3, August, First, Example.Bytes(5000), Stop);

        (await store.Open().ReadAsync(3, August, Stop)).ToArray().ShouldBe(Example.Bytes(5000));
        (await store.Open().ReadAsync(3, August.Next, Stop)).IsEmpty.ShouldBeTrue();
        (await store.Open().ReadAsync(2, August, Stop)).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Later_tick_replaces_and_an_earlier_one_changes_nothing()
    {
        await using var store = await CreateAsync();
        var books = store.Open();
        await books.PutAsync(0, August, First, Example.Bytes(500, 1), Stop);

        await store.Open().PutAsync(0, August, Second, Example.Bytes(50, 2), Stop);
        await books.PutAsync(0, August, First, Example.Bytes(50, 3), Stop);

        (await books.ReadAsync(0, August, Stop)).ToArray().ShouldBe(Example.Bytes(50, 2));
    }

    [Fact]
    public async Task Of_many_writers_the_latest_tick_wins()
    {
        await using var store = await CreateAsync();

        await AtOnceAsync(async writer =>
        {
            await store
                .Open()
                .PutAsync(0, August, First.Plus(writer, TickLength.Default), new[] { (byte)writer }, Stop);
            return true;
        });

        (await store.Open().ReadAsync(0, August, Stop)).ToArray().ShouldBe([Writers - 1]);
    }

    [Fact]
    public async Task Stored_bytes_are_nobodys_but_the_stores()
    {
        await using var store = await CreateAsync();
        var books = store.Open();
        var book = Example.Bytes(64);
        await books.PutAsync(0, August, First, book, Stop);
        Scribble(book);
        Scribble((await books.ReadAsync(0, August, Stop)));

        (await books.ReadAsync(0, August, Stop)).ToArray().ShouldBe(Example.Bytes(64));
    }
}
