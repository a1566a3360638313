using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class FleetDirectoryContract : PortContract<IFleetDirectory>
{
    /// <summary>The adapter's shard count.</summary>
    protected const int ShardCount = 2;

    [Fact]
    public async Task Fleet_comes_back_whole()
    {
        await using var store = await CreateAsync();
        var directory = store.Open();
        var (whole, bare) = (Example.WholeFleet(In(0, "whole")), Example.Fleet(In(0, "bare")));

        var wholeVersion = await directory.TryPutAsync(whole, null, Stop);
        var bareVersion = await directory.TryPutAsync(bare, null, Stop);

        (await directory.FindAsync(whole.Id, Stop)).ShouldBe(new(whole, wholeVersion!));
        (await directory.FindAsync(bare.Id, Stop)).ShouldBe(new(bare, bareVersion!));
        (await directory.ListAsync(0, Stop)).ShouldBe([new(bare, bareVersion!), new(whole, wholeVersion!)]);
    }

    [Fact]
    public async Task Unknown_fleet_is_null_and_an_empty_shard_lists_nothing()
    {
        await using var store = await CreateAsync();
        var directory = store.Open();

        (await directory.FindAsync(Example.FleetA, Stop)).ShouldBeNull();
        (await directory.ListAsync(0, Stop)).ShouldBeEmpty();
        (await directory.StampAsync(0, Stop)).ShouldBe(0);
    }

    [Fact]
    public async Task Insert_conflicts_where_the_fleet_exists()
    {
        await using var store = await CreateAsync();
        var directory = store.Open();
        var fleet = Example.Fleet(Example.FleetA);
        var version = await directory.TryPutAsync(fleet, null, Stop);

        (await directory.TryPutAsync(fleet with { Pool = "other" }, null, Stop)).ShouldBeNull();

        (await directory.FindAsync(fleet.Id, Stop)).ShouldBe(new(fleet, version!));
    }

    [Fact]
    public async Task Replacement_needs_the_stored_version()
    {
        await using var store = await CreateAsync();
        var directory = store.Open();
        var fleet = Example.Fleet(Example.FleetA);
        var first = await directory.TryPutAsync(fleet, null, Stop);

        var second = await directory.TryPutAsync(fleet with { Pool = "second" }, first, Stop);
        var third = await directory.TryPutAsync(fleet with { Pool = "third" }, first, Stop);

        second.ShouldNotBe(first, StringComparer.Ordinal);
        third.ShouldBeNull();
        (await directory.FindAsync(fleet.Id, Stop)).ShouldBe(new(fleet with { Pool = "second" }, second!));
    }

    [Fact]
    public async Task Replacement_of_a_deleted_fleet_conflicts()
    {
        await using var store = await CreateAsync();
        var directory = store.Open();
        var fleet = Example.Fleet(Example.FleetA);
        var version = await directory.TryPutAsync(fleet, null, Stop);
        (await directory.TryDeleteAsync(fleet.Id, version!, Stop)).ShouldBeTrue();

        (await directory.TryPutAsync(fleet, version, Stop)).ShouldBeNull();

        (await directory.FindAsync(fleet.Id, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Deletion_needs_the_stored_version_and_something_to_delete()
    {
        await using var store = await CreateAsync();
        var directory = store.Open();
        var fleet = Example.Fleet(Example.FleetA);
        var first = await directory.TryPutAsync(fleet, null, Stop);
        var second = await directory.TryPutAsync(fleet, first, Stop);

        (await directory.TryDeleteAsync(fleet.Id, first!, Stop)).ShouldBeFalse();
        (await directory.FindAsync(fleet.Id, Stop)).ShouldNotBeNull();
        (await directory.TryDeleteAsync(fleet.Id, second!, Stop)).ShouldBeTrue();
        (await directory.FindAsync(fleet.Id, Stop)).ShouldBeNull();
        (await directory.TryDeleteAsync(fleet.Id, second!, Stop)).ShouldBeFalse();
    }

    [Fact]
    public async Task Version_of_a_deleted_fleet_never_comes_back()
    {
        await using var store = await CreateAsync();
        var directory = store.Open();
        var fleet = Example.Fleet(Example.FleetA);
        var old = await directory.TryPutAsync(fleet, null, Stop);
        await directory.TryDeleteAsync(fleet.Id, old!, Stop);

        var reborn = await directory.TryPutAsync(fleet, null, Stop);

        reborn.ShouldNotBeNull();
        (await directory.TryPutAsync(fleet with { Pool = "late" }, old, Stop)).ShouldBeNull();
        (await directory.TryDeleteAsync(fleet.Id, old!, Stop)).ShouldBeFalse();
        (await directory.FindAsync(fleet.Id, Stop)).ShouldBe(new(fleet, reborn));
    }

    [Fact]
    public async Task Shard_lists_its_own_fleets_in_ordinal_order()
    {
        await using var store = await CreateAsync();
        var directory = store.Open();
        string[] names = ["b", "a0", "a-b", "ab", "a", "0", "z-z", "a-0"];
        await Task.WhenAll(names.Select(name => directory.TryPutAsync(Example.Fleet(Id(name)), null, Stop)));

        for (var shard = 0; shard < ShardCount; shard++)
        {
            var expected = names.Where(name => Id(name).Shard(ShardCount) == shard).Order(StringComparer.Ordinal);
            var listed = await directory.ListAsync(shard, Stop);
            listed.Select(fleet => fleet.Value.Id.ToString()).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Shard_lists_more_fleets_than_a_batch_holds()
    {
        await using var store = await CreateAsync();
        var directory = store.Open();
        var ids = Enumerable.Range(0, 250).Select(number => Id($"fleet-{number}")).ToList();
        await Parallel.ForEachAsync(
            ids,
            Stop,
            async (id, stop) => await directory.TryPutAsync(Example.Fleet(id), null, stop)
        );

        var listed = new List<FleetId>();
        for (var shard = 0; shard < ShardCount; shard++)
        {
            listed.AddRange((await directory.ListAsync(shard, Stop)).Select(fleet => fleet.Value.Id));
        }

        listed.ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task Stamp_moves_with_every_write_to_its_shard_and_only_then()
    {
        await using var store = await CreateAsync();
        var directory = store.Open();
        var fleet = Example.Fleet(In(0, "fleet"));
        var stamps = new List<long> { await directory.StampAsync(0, Stop) };

        var first = await directory.TryPutAsync(fleet, null, Stop);
        stamps.Add(await directory.StampAsync(0, Stop));
        var second = await directory.TryPutAsync(fleet, first, Stop);
        stamps.Add(await directory.StampAsync(0, Stop));
        await directory.TryPutAsync(fleet, first, Stop);
        await directory.TryPutAsync(fleet, null, Stop);
        await directory.TryDeleteAsync(fleet.Id, first!, Stop);
        await directory.TryPutAsync(Example.Fleet(In(1, "other")), null, Stop);
        await directory.ListAsync(0, Stop);
        (await directory.StampAsync(0, Stop)).ShouldBe(stamps[^1]);
        await directory.TryDeleteAsync(fleet.Id, second!, Stop);
        stamps.Add(await directory.StampAsync(0, Stop));

        stamps.ShouldBeUnique();
    }

    [Fact]
    public async Task Another_instance_sees_the_same_fleets_and_versions()
    {
        await using var store = await CreateAsync();
        var fleet = Example.Fleet(In(0, "fleet"));
        var version = await store.Open().TryPutAsync(fleet, null, Stop);
        var other = store.Open();

        (await other.FindAsync(fleet.Id, Stop)).ShouldBe(new(fleet, version!));
        (await other.StampAsync(0, Stop)).ShouldBe(await store.Open().StampAsync(0, Stop));
        (await other.TryPutAsync(fleet, version, Stop)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_of_many_writers_wins_a_version(bool exists)
    {
        await using var store = await CreateAsync();
        var fleet = Example.Fleet(Example.FleetA);
        var version = exists ? await store.Open().TryPutAsync(fleet, null, Stop) : null;
        var directories = Enumerable.Range(0, Writers).Select(_ => store.Open()).ToArray();

        var versions = await AtOnceAsync(writer =>
            directories[writer].TryPutAsync(fleet with { Pool = $"writer-{writer}" }, version, Stop)
        );

        var winner = Array.FindIndex(versions, won => won is not null);
        versions.Count(won => won is not null).ShouldBe(1);
        (await store.Open().FindAsync(fleet.Id, Stop))!.Value.Pool.ShouldBe($"writer-{winner}");
    }

    private static FleetId Id(string name) => FleetId.Parse(name);

    /// <summary>An id that begins so and belongs to that shard.</summary>
    private static FleetId In(int shard, string name) =>
        Enumerable.Range(0, 100).Select(number => Id($"{name}-{number}")).First(id => id.Shard(ShardCount) == shard);
}
