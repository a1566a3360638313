using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class LeaseViewsContract : PortContract<ILeaseViews>
{
    private const int All = 1_000;

    [Fact]
    public async Task Nobodys_leases_are_an_empty_last_page()
    {
        await using var store = await CreateAsync();
        var views = store.Open();

        var cursor = new LeaseCursor(Example.Tenant, Example.Lease(1)).ToString();
        foreach (var tenant in (TenantId?[])[null, Example.Tenant])
        {
            foreach (var after in (string?[])[null, cursor])
            {
                var page = await views.ListAsync(tenant, after, All, Stop);
                page.Leases.ShouldBeEmpty();
                page.Next.ShouldBeNull();
            }
        }
    }

    [Fact]
    public async Task View_comes_back_whole()
    {
        await using var store = await CreateAsync();
        await store.Open().PutAsync(Example.WholeView("acme", 1), Stop);
        await store.Open().PutAsync(Example.View("acme", 2), Stop);

        var page = await store.Open().ListAsync(Example.Tenant, null, All, Stop);

        page.Leases.ShouldBe([Example.WholeView("acme", 1), Example.View("acme", 2)]);
        page.Next.ShouldBeNull();
    }

    [Fact]
    public async Task One_is_found_by_its_tenant_and_lease()
    {
        await using var store = await CreateAsync();
        var views = store.Open();
        await views.PutAsync(Example.WholeView("acme", 1), Stop);

        (await store.Open().FindAsync(Example.Tenant, Example.Lease(1), Stop)).ShouldBe(Example.WholeView("acme", 1));
        (await views.FindAsync(Example.Tenant, Example.Lease(2), Stop)).ShouldBeNull();
        (await views.FindAsync(TenantId.Parse("globex"), Example.Lease(1), Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Later_version_replaces_and_an_earlier_one_changes_nothing()
    {
        await using var store = await CreateAsync();
        var views = store.Open();
        await views.PutAsync(Example.View("acme", 1, version: 2), Stop);

        await views.PutAsync(Example.View("acme", 1, version: 1) with { Status = LeaseStatus.Lapsed }, Stop);
        (await SingleAsync(store)).ShouldBe(Example.View("acme", 1, version: 2));
        await store.Open().PutAsync(Example.View("acme", 1, version: 10) with { Status = LeaseStatus.Active }, Stop);
        await views.PutAsync(Example.View("acme", 1, version: 9), Stop);

        (await SingleAsync(store)).ShouldBe(Example.View("acme", 1, version: 10) with { Status = LeaseStatus.Active });
    }

    [Fact]
    public async Task Same_version_may_be_rebuilt()
    {
        await using var store = await CreateAsync();
        var views = store.Open();
        await views.PutAsync(Example.View("acme", 1), Stop);

        await views.PutAsync(Example.View("acme", 1) with { Gpus = 9 }, Stop);

        (await SingleAsync(store)).Gpus.ShouldBe(9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(1_000)]
    public async Task Pages_hold_every_lease_once_in_order(int most)
    {
        await using var store = await CreateAsync();
        (string Tenant, int Lease)[] leases =
        [
            ("a", 5),
            ("a", 2),
            ("a-b", 1),
            ("a0", 9),
            ("acme", 7),
            ("acme", 1),
            ("acme", 300),
            ("b", 4),
        ];
        foreach (var (tenant, lease) in leases)
        {
            await store.Open().PutAsync(Example.View(tenant, lease), Stop);
        }

        (await AllAsync(store, null, most)).ShouldBe(
            leases.OrderBy(one => one.Tenant, StringComparer.Ordinal).ThenBy(one => one.Lease)
        );
        (await AllAsync(store, "acme", most)).ShouldBe([("acme", 1), ("acme", 7), ("acme", 300)]);
        (await AllAsync(store, "a", most)).ShouldBe([("a", 2), ("a", 5)]);
        (await AllAsync(store, "a1", most)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_that_ends_with_the_last_lease_is_the_last()
    {
        await using var store = await CreateAsync();
        var views = store.Open();
        foreach (var lease in (int[])[1, 2, 3])
        {
            await views.PutAsync(Example.View("acme", lease), Stop);
        }
        await views.PutAsync(Example.View("zeta", 1), Stop);

        (await views.ListAsync(Example.Tenant, null, 3, Stop)).Next.ShouldBeNull();
        (await views.ListAsync(Example.Tenant, null, 2, Stop)).Next.ShouldNotBeNull();
        (await views.ListAsync(null, null, 3, Stop)).Next.ShouldNotBeNull();
    }

    [Fact]
    public async Task Cursor_holds_its_place_while_leases_come()
    {
        await using var store = await CreateAsync();
        var views = store.Open();
        foreach (var lease in (int[])[10, 20, 30, 40])
        {
            await views.PutAsync(Example.View("acme", lease), Stop);
        }
        var first = await views.ListAsync(Example.Tenant, null, 2, Stop);

        await views.PutAsync(Example.View("acme", 15), Stop);
        await views.PutAsync(Example.View("acme", 25), Stop);
        await views.PutAsync(Example.View("acme", 20, version: 2), Stop);
        var second = await store.Open().ListAsync(Example.Tenant, first.Next, 10, Stop);

        first.Leases.Select(view => view.Lease).ShouldBe([Example.Lease(10), Example.Lease(20)]);
        second.Leases.Select(view => view.Lease).ShouldBe([Example.Lease(25), Example.Lease(30), Example.Lease(40)]);
    }

    [Theory]
    [InlineData("acme")]
    [InlineData("zeta")]
    public async Task Cursor_opens_no_other_tenants_leases(string cursorsTenant)
    {
        await using var store = await CreateAsync();
        var views = store.Open();
        foreach (var tenant in (string[])["acme", "bravo", "zeta"])
        {
            await views.PutAsync(Example.View(tenant, 1), Stop);
            await views.PutAsync(Example.View(tenant, 2), Stop);
        }
        var cursor = new LeaseCursor(TenantId.Parse(cursorsTenant), Example.Lease(1)).ToString();

        var page = await views.ListAsync(TenantId.Parse("bravo"), cursor, All, Stop);

        page.Leases.ShouldAllBe(view => view.Tenant == TenantId.Parse("bravo"));
        page.Leases.Count.ShouldBe(cursorsTenant is "acme" ? 2 : 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("acme")]
    [InlineData("acme/")]
    [InlineData("/00000000000000000000000000000001")]
    [InlineData("ACME/00000000000000000000000000000001")]
    [InlineData("acme/0000000000000000000000000000000x")]
    [InlineData("acme/00000000000000000000000000000001/")]
    public async Task What_is_no_cursor_is_refused(string after)
    {
        await using var store = await CreateAsync();
        var views = store.Open();

        await Should.ThrowAsync<FormatException>(() => views.ListAsync(Example.Tenant, after, All, Stop));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_001)]
    public async Task Page_size_out_of_range_is_refused(int most)
    {
        await using var store = await CreateAsync();
        var views = store.Open();

        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => views.ListAsync(null, null, most, Stop));
    }

    [Fact]
    public async Task Last_of_many_writers_versions_stays()
    {
        await using var store = await CreateAsync();

        await AtOnceAsync(async writer =>
        {
            await store.Open().PutAsync(Example.View("acme", 1, version: writer + 1) with { Gpus = writer + 1 }, Stop);
            return true;
        });

        var view = await SingleAsync(store);
        view.Version.ShouldBe(Writers);
        view.Gpus.ShouldBe(Writers);
    }

    private static async Task<LeaseView> SingleAsync(IFreshStore<ILeaseViews> store) =>
        (await store.Open().ListAsync(null, null, All, Stop)).Leases.ShouldHaveSingleItem();

    private static async Task<List<(string, int)>> AllAsync(IFreshStore<ILeaseViews> store, string? tenant, int most)
    {
        var all = new List<(string, int)>();
        string? cursor = null;
        do
        {
            var page = await store.Open().ListAsync(tenant is null ? null : TenantId.Parse(tenant), cursor, most, Stop);
            page.Leases.Count.ShouldBeLessThanOrEqualTo(most);
            (page.Leases.Count == 0 && cursor is not null).ShouldBeFalse("a page that was promised is empty");
            all.AddRange(
                page.Leases.Select(view => (view.Tenant.ToString(), Convert.ToInt32(view.Lease.ToString(), 16)))
            );
            cursor = page.Next;
        } while (cursor is not null);
        return all;
    }
}
