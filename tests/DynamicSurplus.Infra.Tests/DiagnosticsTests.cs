using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Infra.Tests;

/// <summary>To the compiler a misspelled property is only a warning; here every diagnostic is a failure.</summary>
public sealed class DiagnosticsTests
{
    [Fact]
    public async Task Bicep_and_parameter_files_have_no_diagnostics()
    {
        const string Files = "*.bicep*"; // .bicep and .bicepparam, in one run of the compiler
        var files = Directory.GetFiles(InfraFolder.Committed.Path, Files, SearchOption.AllDirectories);

        var runs = await LintAsync(InfraFolder.Committed, "--pattern", $"./**/{Files}");

        runs.Count.ShouldBe(files.Length, "the compiler passes over some of the files");
        runs.SelectMany(static found => found).ShouldBeEmpty();
    }

    [Fact]
    public async Task Misspelled_property_is_found()
    {
        const string File = "modules/storage.bicep";
        using var spoilt = InfraFolder.CopyWith(File, "allowSharedKeyAccess", "allowSharedKeysAccess");

        var runs = await LintAsync(spoilt, File);

        runs.ShouldHaveSingleItem().ShouldHaveSingleItem().ShouldContain("allowSharedKeysAccess");
    }

    [Theory]
    [InlineData("param serviceBusSku = 'Premium'", "", "privateNetworking wants serviceBusSku Premium")]
    [InlineData("'Standard_ZRS'", "'Standard_LRS'", "zoneRedundant wants storageSku Standard_ZRS")]
    public async Task Settings_that_do_not_go_together_are_refused_before_a_deployment(
        string text,
        string replacement,
        string refusal
    )
    {
        using var spoilt = InfraFolder.CopyWith("prod/main.bicepparam", text, replacement);

        var answer = await BicepCli.RunAsync(
            spoilt.Path,
            ["snapshot", "prod/main.bicepparam", "--mode", "overwrite", .. SnapshotTests.Place]
        );

        answer.ExitCode.ShouldNotBe(0);
        (answer.Output + answer.Error).ShouldContain(refusal);
    }

    /// <summary>What the linter says of each file that it read.</summary>
    private static async Task<List<List<string>>> LintAsync(InfraFolder folder, params string[] files)
    {
        var answer = await BicepCli.RunAsync(
            folder.Path,
            ["lint", .. files, "--no-restore", "--diagnostics-format", "sarif"]
        );
        return Runs(Encoding.UTF8.GetBytes(answer.Output));
    }

    private static List<List<string>> Runs(ReadOnlySpan<byte> sarif)
    {
        // One document for each file, one after the other.
        var reader = new Utf8JsonReader(sarif, new JsonReaderOptions { AllowMultipleValues = true });
        var runs = new List<List<string>>();
        while (reader.Read())
        {
            using var document = JsonDocument.ParseValue(ref reader);
            foreach (var run in document.RootElement.GetProperty("runs").EnumerateArray())
            {
                runs.Add([.. run.GetProperty("results").EnumerateArray().Select(static result => result.ToString())]);
            }
        }
        return runs;
    }
}
