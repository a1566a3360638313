using Shouldly;
using Xunit;

namespace DynamicSurplus.Infra.Tests;

/// <summary>What each environment deploys, compared resource by resource with what was committed.</summary>
public sealed class SnapshotTests
{
    private const string ModeVariable = "SURPLUS_SNAPSHOT_MODE";

    private static readonly string Mode = Environment.GetEnvironmentVariable(ModeVariable) ?? "validate";

    /// <summary>An imagined place to deploy to, so that names and ids are the same everywhere.</summary>
    internal static IReadOnlyList<string> Place { get; } =
    [
        "--tenant-id",
        "00000000-0000-0000-0000-000000000001",
        "--subscription-id",
        "00000000-0000-0000-0000-000000000002",
        "--resource-group",
        "rg-surplus",
        "--location",
        "westeurope",
        "--deployment-name",
        "main",
    ];

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task Environment_deploys_what_its_snapshot_says(string environment)
    {
        var answer = await SnapshotAsync(InfraFolder.Committed, environment, Mode);

        answer.ExitCode.ShouldBe(
            0,
            $"{answer.Output}{answer.Error}\nWhere the change is meant, write the snapshots anew with "
                + $"{ModeVariable}=overwrite in the environment of these tests, and read what changed."
        );
    }

    [Fact]
    public async Task Changed_resource_is_found()
    {
        using var changed = InfraFolder.CopyWith(
            "modules/serviceBus.bicep",
            "maxDeliveryCount: 5",
            "maxDeliveryCount: 6"
        );

        var answer = await SnapshotAsync(changed, "dev", "validate");

        answer.ExitCode.ShouldBe(1);
        (answer.Output + answer.Error).ShouldContain("maxDeliveryCount");
    }

    private static Task<BicepAnswer> SnapshotAsync(InfraFolder folder, string environment, string mode) =>
        BicepCli.RunAsync(folder.Path, ["snapshot", $"{environment}/main.bicepparam", "--mode", mode, .. Place]);
}
