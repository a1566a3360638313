using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class TenantHoldsContract : PortContract<ITenantHolds>
{
    private static readonly TenantId Other = TenantId.Parse("globex");

    [Fact]
    public async Task Tenant_without_holds_has_an_empty_list_without_a_version()
    {
        await using var store = await CreateAsync();

        var (holds, version) = await store.Open().ReadAsync(Example.Tenant, Stop);

        holds.ShouldBeEmpty();
        version.ShouldBeNull();
    }

    [Fact]
    public async Task List_comes_back_as_it_was_under_the_version_that_the_write_gave()
    {
        await using var store = await CreateAsync();
        TenantHold[] first = [Hold(1, 1_000_000, 7), Hold(2)];

        var written = await store.Open().TryWriteAsync(Example.Tenant, first, null, Stop);
        var (read, version) = await store.Open().ReadAsync(Example.Tenant, Stop);
        var again = await store.Open().TryWriteAsync(Example.Tenant, [], version, Stop);
        var (emptied, last) = await store.Open().ReadAsync(Example.Tenant, Stop);

        read.ShouldBe(first);
        version.ShouldBe(written);
        emptied.ShouldBeEmpty();
        last.ShouldBe(again);
        last.ShouldNotBe(version);
        (await store.Open().ReadAsync(Other, Stop)).Version.ShouldBeNull();
    }

    [Fact]
    public async Task Write_at_another_version_conflicts_and_writes_nothing()
    {
        await using var store = await CreateAsync();
        var holds = store.Open();
        var first = await holds.TryWriteAsync(Example.Tenant, [Hold(1)], null, Stop);
        var second = await holds.TryWriteAsync(Example.Tenant, [Hold(2)], first, Stop);

        (await holds.TryWriteAsync(Example.Tenant, [Hold(3)], first, Stop)).ShouldBeNull();
        (await holds.TryWriteAsync(Example.Tenant, [Hold(3)], null, Stop)).ShouldBeNull();
        (await holds.TryWriteAsync(Other, [Hold(3)], second, Stop)).ShouldBeNull();

        var (read, version) = await holds.ReadAsync(Example.Tenant, Stop);
        read.ShouldBe([Hold(2)]);
        version.ShouldBe(second);
        (await holds.ReadAsync(Other, Stop)).Version.ShouldBeNull();
    }

    [Fact]
    public async Task Longest_list_is_stored_and_one_more_is_refused()
    {
        await using var store = await CreateAsync();
        var longest = Enumerable.Range(1, ITenantHolds.MostHolds).Select(n => Hold(n, 1_000_000)).ToArray();

        var written = await store.Open().TryWriteAsync(Example.Tenant, longest, null, Stop);

        written.ShouldNotBeNull();
        (await store.Open().ReadAsync(Example.Tenant, Stop)).Holds.ShouldBe(longest);
        await Should.ThrowAsync<ArgumentException>(() =>
            store.Open().TryWriteAsync(Example.Tenant, [.. longest, Hold(501)], written, Stop)
        );
    }

    [Fact]
    public async Task Of_many_writers_at_one_version_one_wins()
    {
        await using var store = await CreateAsync();

        var won = await AtOnceAsync(writer =>
            store.Open().TryWriteAsync(Example.Tenant, [Hold(writer + 1)], null, Stop)
        );

        won.Count(version => version is not null).ShouldBe(1);
        (await store.Open().ReadAsync(Example.Tenant, Stop)).Version.ShouldBe(won.Single(v => v is not null));
    }

    private static TenantHold Hold(int lease, int gpus = 1, int milliseconds = 0) =>
        new(Example.Lease(lease), gpus, Example.Noon.AddMilliseconds(milliseconds));
}
