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
        var request = new SeenRequest(new string('a', 64), Example.FleetA, 0.1 + 0.2);

        await store.Open().RecordAsync(0, First, request, Stop);

        (await store.Open().ListAsync(0, Second, Stop)).ShouldBe([request]);
    }

    [Fact]
    public async Task Repeat_in_the_same_tick_changes_nothing()
    {
        await using var store = await CreateAsync();
        var log = store.Open();
        await log.RecordAsync(0, First, Request("k", 8), Stop);

        await log.RecordAsync(0, First, Request("k", 8), Stop);
        await store.Open().RecordAsync(0, First, Request("k", 99), Stop);

        (await log.ListAsync(0, Second, Stop)).ShouldBe([Request("k", 8)]);
    }

    [Fact]
    public async Task Same_key_in_another_tick_or_shard_is_another_request()
    {
        await using var store = await CreateAsync();
        var log = store.Open();
        await log.RecordAsync(0, First, Request("k", 1), Stop);
        await log.RecordAsync(0, Second, Request("k", 2), Stop);
        await log.RecordAsync(1, First, Request("k", 4), Stop);

        (await log.ListAsync(0, Third, Stop)).ShouldBe([Request("k", 1), Request("k", 2)]);
        (await log.ListAsync(1, Third, Stop)).ShouldBe([Request("k", 4)]);
        (await log.ListAsync(2, Third, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_list_by_tick_and_key_up_to_the_tick_before()
    {
        await using var store = await CreateAsync();
        var log = store.Open();
        await log.RecordAsync(0, Third, Request("a", 5), Stop);
        await log.RecordAsync(0, Second, Request("c", 4), Stop);
        await log.RecordAsync(0, Second, Request("b", 3), Stop);
        await log.RecordAsync(0, First, Request("d", 2), Stop);
        await log.RecordAsync(0, First, Request("a", 1), Stop);

        (await log.ListAsync(0, First, Stop)).ShouldBeEmpty();
        (await log.ListAsync(0, Second, Stop)).Select(request => request.OfferedGpuTicks).ShouldBe([1, 2]);
        (await log.ListAsync(0, new(Second.StartSeconds + 1), Stop)).Count.ShouldBe(4);
        (await log.ListAsync(0, Third, Stop)).Select(request => request.OfferedGpuTicks).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task Deletion_takes_all_of_the_ticks_before_and_no_other()
    {
        await using var store = await CreateAsync();
        var log = store.Open();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 250),
            Stop,
            async (number, stop) =>
                await log.RecordAsync(0, number < 125 ? First : Second, Request($"k{number}", number), stop)
        );
        await log.RecordAsync(0, Third, Request("late", 1), Stop);
        await log.RecordAsync(1, First, Request("other", 1), Stop);
        (await log.ListAsync(0, Third, Stop)).Count.ShouldBe(250);

        await log.DeleteAsync(0, Third, Stop);
        await log.DeleteAsync(0, Third, Stop);

        (await log.ListAsync(0, Third.Plus(1, TickLength.Default), Stop)).ShouldBe([Request("late", 1)]);
        (await log.ListAsync(1, Third, Stop)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Request_of_a_tick_that_was_deleted_is_new()
    {
        await using var store = await CreateAsync();
        var log = store.Open();
        await log.RecordAsync(0, First, Request("k", 1), Stop);
        await log.DeleteAsync(0, Second, Stop);

        await log.RecordAsync(0, First, Request("k", 2), Stop);

        (await log.ListAsync(0, Second, Stop)).ShouldBe([Request("k", 2)]);
    }

    [Fact]
    public async Task Repeats_by_many_writers_count_once()
    {
        await using var store = await CreateAsync();

        await AtOnceAsync(async writer =>
        {
            var log = store.Open();
            await log.RecordAsync(0, First, Request("same", 8), Stop);
            await log.RecordAsync(0, First, Request($"own-{writer:D2}", writer), Stop);
            return true;
        });

        (await store.Open().ListAsync(0, Second, Stop)).Count.ShouldBe(1 + Writers);
    }

    private static SeenRequest Request(string key, double offered) => new(key, Example.FleetB, offered);
}
