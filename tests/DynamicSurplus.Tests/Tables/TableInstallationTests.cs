using DynamicSurplus.Cloud.Tables;
using DynamicSurplus.Engine;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Tables;

public sealed class TableInstallationTests(AzuriteFixture azurite)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_start_fixes_the_number_of_shards()
    {
        var storage = await azurite.StorageAsync();

        (await new TableInstallation(storage).FixShardCountAsync(4, Stop)).ShouldBe(4);
        (await new TableInstallation(storage).FixShardCountAsync(4, Stop)).ShouldBe(4);
        (await new TableInstallation(storage).FixShardCountAsync(2, Stop)).ShouldBe(4);
    }

    [Fact]
    public async Task Its_row_is_no_fleet()
    {
        var storage = await azurite.StorageAsync();
        await new TableInstallation(storage).FixShardCountAsync(1, Stop);

        (await new TableFleetDirectory(storage, new EngineOptions()).ListAsync(0, Stop)).ShouldBeEmpty();
    }
}
