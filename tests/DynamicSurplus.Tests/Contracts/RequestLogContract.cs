using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class RequestLogContract : PortContract<IRequestLog>
{
    private static readonly Tick First = new(1_785_585_600);
    private static readonly Tick Second = First.Plus(1, TickLength.Default);
    private static readonly Tick Third = First.Plus(2, TickLength.Default);

    [Fact]
    public async Task Request_comes_back_as_it_was()
    {
        await using var store = await CreateAsync();
        var request = new SeenRequest(First, new string('a', 64), Example.FleetA, 0.1 + 0.2, Example.Tenant);

        await store.Open().RecordAsync(0, request, Stop);

        (await store.Open().ListAsync(0, Second, Stop)).ShouldBe([request]);
    }

    [Fact]
    public async Task Repeat_in_the_same_tick_changes_nothing()
    {
        await using var store = await CreateAsync();
        var log = store.Open();
        await log.RecordAsync(0, Request(First, "k", 8), Stop);

        await log.RecordAsync(0, Request(First, "k", 8), Stop);
        await store.Open().RecordAsync(0, Request(First, "k", 99), Stop);

        (await log.ListAsync(0, Second, Stop)).ShouldBe([Request(First, "k", 8)]);
    }

    [Fact]
    public async Task Same_key_in_another_tick_or_shard_is_another_request()
    {
        await using var store = await CreateAsync();
        var log = store.Open();
        await log.RecordAsync(0, Request(First, "k", 1), Stop);
        await log.RecordAsync(0, Request(Second, "k", 2), Stop);
        await log.RecordAsync(1, Request(First, "k", 4), Stop);

        (await log.ListAsync(0, Third, Stop)).ShouldBe([Request(First, "k", 1), Request(Second, "k", 2)]);
        (await log.ListAsync(1, Third, Stop)).ShouldBe([Request(First, "k", 4)]);
        (await log.ListAsync(2, Third, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_list_by_tick_and_key_up_to_the_tick_before()
    {
        await using var store = await CreateAsync();
        var log = store.Open();
        await log.RecordAsync(0, Request(Third, "a", 5), Stop);
        await log.RecordAsync(0, Request(Second, "c", 4), Stop);
        await log.RecordAsync(0, Request(Second, "b", 3), Stop);
        await log.RecordAsync(0, Request(First, "d", 2), Stop);
        await log.RecordAsync(0, Request(First, "a", 1), Stop);

        (await log.ListAsync(0, First, Stop)).ShouldBeEmpty();
        (await log.ListAsync(0, Second, Stop)).Select(request => request.OfferedGpuTicks).ShouldBe([1, 2]);
        (await log.ListAsync(0, new(Second.StartSeconds + 1), Stop)).Count.ShouldBe(4);
        (await log.ListAsync(0, Third, Stop)).Select(request => request.OfferedGpuTicks).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task Deletion_takes_what_was_listed_and_nothing_that_came_since()
    {
        await using var store = await CreateAsync();
        var log = store.Open();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 250),
            Stop,
            async (number, stop) =>
                await log.RecordAsync(0, Request(number < 125 ? First : Second, $"k{number}", number), stop)
        );
        await log.RecordAsync(0, Request(Third, "late", 1), Stop);
        await log.RecordAsync(1, Request(First, "other", 1), Stop);
        var listed = await log.ListAsync(0, Third, Stop);
        listed.Count.ShouldBe(250);
        await log.RecordAsync(0, Request(Second, "since", 1), Stop);

        await log.DeleteAsync(0, listed, Stop);
        await log.DeleteAsync(0, listed, Stop);

        (await log.ListAsync(0, Third.Plus(1, TickLength.Default), Stop)).ShouldBe([
            Request(Second, "since", 1),
            Request(Third, "late", 1),
        ]);
        (await log.ListAsync(1, Third, Stop)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Request_that_was_deleted_is_new()
    {
        await using var store = await CreateAsync();
        var log = store.Open();
        await log.RecordAsync(0, Request(First, "k", 1), Stop);
        await log.DeleteAsync(0, [Request(First, "k", 1)], Stop);

        await log.RecordAsync(0, Request(First, "k", 2), Stop);

        (await log.ListAsync(0, Second, Stop)).ShouldBe([Request(First, "k", 2)]);
    }

    [Fact]
    public async Task Repeats_by_many_writers_count_once()
    {
        await using var store = await CreateAsync();

        await AtOnceAsync(async writer =>
        {
            var log = store.Open();
            await log.RecordAsync(0, Request(First, "same", 8), Stop);
            await log.RecordAsync(0, Request(First, $"own-{writer:D2}", writer), Stop);
            return true;
        });

        (await store.Open().ListAsync(0, Second, Stop)).Count.ShouldBe(1 + Writers);
    }

    private static SeenRequest Request(Tick tick, string key, double offered) =>
        new(tick, key, Example.FleetB, offered, Example.Tenant);
}
