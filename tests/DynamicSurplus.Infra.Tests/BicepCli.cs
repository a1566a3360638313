using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace DynamicSurplus.Infra.Tests;

/// <summary>The Bicep compiler of the test project's package; it needs no network.</summary>
internal static class BicepCli
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string? Executable = typeof(BicepCli)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(static metadata => string.Equals(metadata.Key, "BicepPath", StringComparison.Ordinal))
        ?.Value;

    /// <summary>What the parameter files read; so that neither a test nor a snapshot depends on who runs it.</summary>
    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal)
    {
        ["AZURE_ENV_NAME"] = "dev",
        ["SURPLUS_ALERT_EMAILS"] = "operator@example.com",
        ["SURPLUS_ENTRA_AUDIENCE"] = "00000000-0000-0000-0000-000000000003",
        ["SURPLUS_WEBHOOK_SECRET"] = "for a test",
    };

    /// <summary>Runs the compiler to its end; skips the test where the package has none for this machine.</summary>
    public static async Task<BicepAnswer> RunAsync(string folder, params string[] arguments)
    {
        if (Executable is null)
        {
            Assert.Skip("The Bicep compiler's package is for Linux on x64.");
        }
        var start = new ProcessStartInfo(Executable, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
