using System.Text;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Commands;

/// <summary>The data of a demo, as it was left and with one byte altered on disk.</summary>
public sealed class VerifyCommandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_of_a_demo_verify_until_a_byte_of_a_journal_row_is_altered()
    {
        await AzuriteFixture.InstallAsync();
        var folder = Directory.CreateTempSubdirectory("surplus-verify-").FullName;
        try
        {
            await using var demo = await SurplusProcess.RunAsync(
                Stop,
                ["demo", "--for", "10s", "--speed", "120", "--port", "0", "--data", folder]
            );
            demo.ExitCode.ShouldBe(0, demo.Output + demo.Errors);
            await using var whole = await SurplusProcess.RunAsync(Stop, "verify", "--data", folder);
            whole.ExitCode.ShouldBe(0, whole.Output + whole.Errors);
            whole.Output.ShouldContain("verified      no divergence");
            whole.Output.ShouldNotContain("journals      0 leases");
            var path = Path.Combine(folder, "azurite", "__azurite_db_table__.json");
            var written = await File.ReadAllTextAsync(path, Stop);

            // In the payload, in a type that the emulator then fails on, in a copy of a key that it shows to nobody, in
            // the JSON of the file itself.
            var (lease, json) = Row(written);
            await AlteredAsync(json + 40, written[json + 40] == 'A' ? 'B' : 'A');
            await AlteredAsync(written.IndexOf("Edm.Binary", json, StringComparison.Ordinal) + 4, 'x');
            await AlteredAsync(written.LastIndexOf(lease, json, StringComparison.Ordinal) + 3, 'x');
            await AlteredAsync(json - 1, 'x');

            async Task AlteredAsync(int place, char to)
            {
                var altered = new StringBuilder(written) { [place] = to };
                await File.WriteAllTextAsync(path, altered.ToString(), Stop);
                await using var verify = await SurplusProcess.RunAsync(Stop, "verify", "--data", folder);
                verify.ExitCode.ShouldBe(1, verify.Output + verify.Errors);
                verify.Output.ShouldContain($"DIVERGES      lease {lease}, event 1: row 0000000000000000001 ");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Folder_that_no_host_ran_on_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("surplus-verify-").FullName;

        await using var verify = await SurplusProcess.RunAsync(Stop, "verify", "--data", folder);

        Directory.GetFileSystemEntries(folder).ShouldBeEmpty();
        Directory.Delete(folder);
        verify.ExitCode.ShouldBe(2);
        verify.Errors.ShouldContain("has no host.json: name the folder of a host that ran.");
    }

    [Fact]
    public async Task Folder_in_use_is_refused()
    {
        await AzuriteFixture.InstallAsync();
        var folder = Directory.CreateTempSubdirectory("surplus-verify-").FullName;
        await using var host = SurplusProcess.Start("serve", "--data", folder, "--port", "0");
        await host.LineAsync("ready:", Stop);

        await using var verify = await SurplusProcess.RunAsync(Stop, "verify", "--data", folder);
        await host.TerminateAsync(Stop);

        Directory.Delete(folder, recursive: true);
        verify.ExitCode.ShouldBe(2);
        verify.Errors.ShouldContain("is in use by another running host");
    }

    /// <summary>The first event of some lease: its lease, and where its payload begins.</summary>
    private static (string Lease, int Json) Row(string file)
    {
        const string Key = "\"RowKey\":\"0000000000000000001\",\"Json\":\"";
        var row = file.IndexOf(Key, StringComparison.Ordinal);
        row.ShouldBeGreaterThan(0);
        var keys = file.LastIndexOf("\"PartitionKey\":\"", row, StringComparison.Ordinal);
        return (file.Substring(keys + "\"PartitionKey\":\"".Length, 32), row + Key.Length);
    }
}
