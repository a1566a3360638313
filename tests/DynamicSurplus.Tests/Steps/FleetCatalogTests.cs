using System.Text;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Telemetry;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

public sealed class FleetCatalogTests : IDisposable
{
    private const int Shards = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _wallClock = new();
    private readonly WatchedDirectory _directory = new(Shards);
    private readonly FleetCatalog _catalog;

    public FleetCatalogTests() => _catalog = new(_directory, new() { ShardCount = Shards }, _wallClock, Interval);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _catalog.Dispose();

    [Fact]
    public async Task Catalog_finds_fleets_by_id_and_by_bytes_and_lists_them_by_shard()
    {
        string[] ids = ["b", "a", "c", "d-1", new('z', 63)];
        foreach (var id in ids)
        {
            await _directory.RegisterAsync(id);
        }
        _catalog.Current.Count.ShouldBe(0);

        var fleets = await _catalog.GetAsync(Cancel);

        _catalog.Current.ShouldBeSameAs(fleets);
        fleets.Count.ShouldBe(ids.Length);
        fleets.All.Select(fleet => fleet.Value.Id.ToString()).ShouldBe(ids, ignoreOrder: true);
        foreach (var id in ids.Select(FleetId.Parse))
        {
            fleets.Find(id)!.Value.Id.ShouldBe(id);
            fleets.TryFind(Encoding.UTF8.GetBytes(id.ToString()), out var found, out var shard).ShouldBeTrue();
            found.ShouldBe(id);
            shard.ShouldBe(id.Shard(Shards));
            fleets.InShard(shard).ShouldContain(fleet => fleet.Value.Id == id);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("a/b")]
    [InlineData("\u00E4")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Bytes_that_are_no_id_find_nothing(string text)
    {
        await _directory.RegisterAsync("a");
        var fleets = await _catalog.GetAsync(Cancel);

        fleets.TryFind(Encoding.UTF8.GetBytes(text), out _, out _).ShouldBeFalse();
        fleets.TryFind(Encoding.Latin1.GetBytes(text + "\u00FF"), out _, out _).ShouldBeFalse();
        fleets.Find(FleetId.Parse("b")).ShouldBeNull();
    }

    [Fact]
    public async Task Finding_by_bytes_allocates_nothing()
    {
        await _directory.RegisterAsync("fleet-1");
        var fleets = await _catalog.GetAsync(Cancel);
        var found = false;

        AllocatedBytes.Of(() => found = fleets.TryFind("fleet-1"u8, out _, out _)).ShouldBe(0);

        found.ShouldBeTrue();
    }

    [Fact]
    public async Task Directory_is_asked_once_an_interval_and_lists_only_shards_that_changed()
    {
        var before = await _catalog.GetAsync(Cancel);
        _directory.Lists.ShouldBe(Shards);
        _wallClock.Advance(Interval - TimeSpan.FromMilliseconds(1));
        await _directory.RegisterAsync("a");

        (await _catalog.GetAsync(Cancel)).ShouldBeSameAs(before);
        _directory.Stamps.ShouldBe(Shards);
        _wallClock.Advance(TimeSpan.FromMilliseconds(1));

        var after = await _catalog.GetAsync(Cancel);
        after.Count.ShouldBe(1);
        _directory.Stamps.ShouldBe(2 * Shards);
        _directory.Lists.ShouldBe(Shards + 1);
        _wallClock.Advance(Interval);

        (await _catalog.GetAsync(Cancel)).ShouldBeSameAs(after);
        _directory.Lists.ShouldBe(Shards + 1);
    }

    [Fact]
    public async Task Unknown_fleet_is_looked_for_at_once_but_once_an_interval()
    {
        await _catalog.GetAsync(Cancel);
        await _directory.RegisterAsync("a");

        (await _catalog.GetForUnknownAsync(Cancel)).Count.ShouldBe(1);
        await _directory.RegisterAsync("b");
        (await _catalog.GetForUnknownAsync(Cancel)).Count.ShouldBe(1);
        _directory.Stamps.ShouldBe(2 * Shards);
        _wallClock.Advance(Interval);

        (await _catalog.GetForUnknownAsync(Cancel)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Callers_at_once_share_one_look()
    {
        var all = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => _catalog.GetAsync(Cancel).AsTask(), Cancel))
        );

        all.ShouldAllBe(fleets => ReferenceEquals(fleets, all[0]));
        _directory.Stamps.ShouldBe(Shards);
    }

    [Fact]
    public async Task Failure_is_told_the_last_copy_stays_and_the_next_call_tries_again()
    {
        await _directory.RegisterAsync("a");
        await _catalog.GetAsync(Cancel);
        _wallClock.Advance(Interval);
        _directory.IsDown = true;

        await Should.ThrowAsync<IOException>(async () => await _catalog.GetAsync(Cancel));
        _catalog.Current.Count.ShouldBe(1);
        _directory.IsDown = false;

        (await _catalog.GetAsync(Cancel)).Count.ShouldBe(1);
    }
}
