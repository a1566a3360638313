using System.Diagnostics;
using System.Runtime.CompilerServices;
using DynamicSurplus.Local.Serving;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Serving;

/// <summary>
/// A host in a process of its own, which starts Azurite and is killed: this test program, turned into that host by an
/// environment variable before it runs any test.
/// </summary>
internal static class AzuriteKilledHost
{
    private const string Variable = "SURPLUS_TEST_AZURITE_HOST";

    /// <summary>Starts the host, kills it once Azurite serves, and returns what the host said of its Azurite.</summary>
    /// <param name="install">What the host starts.</param>
    /// <param name="dataFolder">Null: in memory.</param>
    /// <returns>Azurite's process id and connection string.</returns>
    internal static async Task<(int ProcessId, string ConnectionString)> RunAndKillAsync(
        AzuriteInstall install,
        string? dataFolder
    )
    {
        var start = new ProcessStartInfo("dotnet", [typeof(AzuriteKilledHost).Assembly.Location])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment[Variable] = string.Join('\n', install.NodePath, install.MainScript, dataFolder);
        using Process host = Process.Start(start)!;
        string? line = await host.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        host.Kill();
        await host.WaitForExitAsync(TestContext.Current.CancellationToken);
        string[] words = line.ShouldNotBeNull().Split(' ');
        return (int.Parse(words[0], provider: null), words[1]);
    }

    [ModuleInitializer]
    internal static void Host()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } setting)
        {
            return;
        }

        string[] parts = setting.Split('\n');
        var options = new AzuriteOptions { DataFolder = parts[2].Length == 0 ? null : parts[2] };
        Task<AzuriteServer> starting = AzuriteServer.StartAsync(
            new AzuriteInstall(parts[0], parts[1]),
            options,
            CancellationToken.None
        );
#pragma warning disable VSTHRD002 // nothing else runs in this process, which now only waits to be killed
        AzuriteServer server = starting.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        Console.WriteLine($"{server.ProcessId} {server.ConnectionString}");
        Thread.Sleep(Timeout.Infinite);
    }
}
