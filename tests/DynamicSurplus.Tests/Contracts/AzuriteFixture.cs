using Azure.Core.Pipeline;
using DynamicSurplus.Cloud;
using DynamicSurplus.Local.Serving;
using Xunit;

[assembly: AssemblyFixture(typeof(DynamicSurplus.Tests.Contracts.AzuriteFixture))]

namespace DynamicSurplus.Tests.Contracts;

/// <summary>
/// One Azurite, in memory, for the whole run: installed where it is missing, started by the first test that asks.
/// </summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private static readonly SemaphoreSlim Installing = new(1, 1);
    private static AzuriteInstall? _install;
    private static AzuriteException? _missing;

    private readonly SemaphoreSlim _starting = new(1, 1);
    private AzuriteServer? _server;
    private bool _isWarm;

    /// <summary>A name for a table, queue or container that no other test has.</summary>
    public static string UniqueName() => $"t{Guid.NewGuid():N}";

    /// <summary>The installed Azurite. Where there is no Node.js the test is skipped, with the reason.</summary>
    public static async Task<AzuriteInstall> InstallAsync()
    {
        await Installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_missing is null)
            {
                var installer = new AzuriteInstaller { Progress = Console.Error };
                return _install ??= await installer.FindOrInstallAsync(TestContext.Current.CancellationToken);
            }
        }
        catch (AzuriteException e)
        {
            _missing = e; // the next tests need not wait for the same
        }
        finally
        {
            Installing.Release();
        }

        Assert.SkipWhen(_missing.Failure == AzuriteFailure.NodeMissing, _missing.Message);
        throw _missing;
    }

    /// <summary>For tables, queues and blobs; each test takes names of its own from <see cref="UniqueName"/>.</summary>
    public async Task<string> ConnectionStringAsync()
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _server ??= await AzuriteServer.StartAsync(
                await InstallAsync(),
                new AzuriteOptions(),
                TestContext.Current.CancellationToken
            );
            return _server.ConnectionString;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Storage that no other test has, everything in it made, empty.</summary>
    /// <param name="transport">Null: plain connections.</param>
    public async Task<StorageClients> StorageAsync(HttpPipelineTransport? transport = null)
    {
        var connectionString = await ConnectionStringAsync();
        await WarmUpAsync(connectionString);
        var clients = StorageClients.From(connectionString, UniqueName(), transport);
        await clients.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        return clients;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _starting.Dispose();
    }

    /// <summary>
    /// The first calls of a process and of its emulator take seconds on a loaded machine: made once, alone, so that the
    /// tests behind them do not run into the time-out of a try.
    /// </summary>
    private async Task WarmUpAsync(string connectionString)
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!_isWarm)
            {
                var clients = StorageClients.From(connectionString, UniqueName());
                await clients.EnsureCreatedAsync(TestContext.Current.CancellationToken);
                _isWarm = true;
            }
        }
        finally
        {
            _starting.Release();
        }
    }
}
