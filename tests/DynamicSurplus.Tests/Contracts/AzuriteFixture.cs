using DynamicSurplus.Local.Serving;

[assembly: AssemblyFixture(typeof(DynamicSurplus.Tests.Contracts.AzuriteFixture))]

namespace DynamicSurplus.Tests.Contracts;

/// <summary>
/// One Azurite, in memory, for the whole run: installed where it is missing, started by the first test that asks.
/// </summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private static readonly Lazy<Task<AzuriteInstall>> Install = new(() =>
        new AzuriteInstaller { Progress = Console.Error }.FindOrInstallAsync(CancellationToken.None)
    );

    private readonly Lazy<Task<AzuriteServer>> _server = new(async () =>
        await AzuriteServer.StartAsync(await InstallAsync(), new AzuriteOptions(), CancellationToken.None)
    );

    /// <summary>A name for a table, queue or container that no other test has.</summary>
    public static string UniqueName() => $"t{Guid.NewGuid():N}";

    /// <summary>The installed Azurite. Where there is no Node.js the test is skipped, with the reason.</summary>
    public static async Task<AzuriteInstall> InstallAsync()
    {
        try
        {
            return await Install.Value;
        }
        catch (AzuriteException e) when (e.Failure == AzuriteFailure.NodeMissing)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    public async Task<string> ConnectionStringAsync() => (await _server.Value).ConnectionString;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
