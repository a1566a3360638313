using DynamicSurplus.Tests.Commands;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>The short run of what <c>surplus chaos --kills 50</c> does at length.</summary>
public sealed class ChaosTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_kills_lose_no_lease_no_GPU_and_no_cent()
    {
        await AzuriteFixture.InstallAsync();
        var seed = Random.Shared.Next(1_000_000);

        await using var chaos = await SurplusProcess.RunAsync(Stop, "chaos", "--kills", "5", "--seed", $"{seed}");

        chaos.ExitCode.ShouldBe(0, $"{chaos.Output}\n{chaos.Errors}");
        chaos.Output.ShouldContain($"seed         {seed}");
        chaos.Output.ShouldContain("kills        5");
        chaos.Output.ShouldContain("violations   0");
        chaos.Output.ShouldNotContain("leases       0 quoted");
    }

    [Theory]
    [InlineData("--kills takes 1 to 10000.", "--kills", "0")]
    [InlineData("--seed 'x' is no whole number of 64 bits: give one, such as 7.", "--seed", "x")]
    [InlineData("is there and not empty: name a folder that is new or empty.", "--data", "/")]
    public async Task Bad_argument_is_named(string expected, params string[] arguments)
    {
        await using var chaos = await SurplusProcess.RunAsync(Stop, ["chaos", .. arguments]);

        chaos.ExitCode.ShouldBe(2);
        chaos.Errors.ShouldContain(expected);
    }
}
