using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Infra.Tests;

/// <summary>Who deploys does it with the official packages, by identity, and by actions that cannot change.</summary>
public sealed partial class DeliveryTests
{
    private const string Property = "UseAzureFunctionsPackages";

    private static readonly string Workflow = InfraFolder.ReadFromRoot(".github/workflows/deploy.yml");

    [Fact]
    public void Every_way_to_deploy_publishes_on_the_official_packages()
    {
        Workflow.ShouldContain($"dotnet publish src/DynamicSurplus.Functions -c Release -p:{Property}=true");
        Workflow.ShouldContain("-p:UseDurableTaskScheduler=true");
        InfraFolder.ReadFromRoot("azure.yaml").ShouldContain($"azd env set {Property} true");
    }

    [Fact]
    public void Actions_are_pinned_to_a_commit_and_say_its_version()
    {
        var uses = Uses().Matches(Workflow).Select(static match => match.Groups["action"].Value).ToList();

        uses.Count.ShouldBeGreaterThan(5);
        uses.ShouldAllBe(static action => Pinned().IsMatch(action));
    }

    [Fact]
    public void Workflow_may_do_nothing_that_a_job_does_not_ask_for()
    {
        Workflow.ShouldContain("\npermissions: {}\n");
        Permission()
            .Matches(Workflow)
            .Select(static match => match.Value.Trim())
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ShouldBe(["contents: read", "id-token: write"]);
    }

    [Fact]
    public void Workflow_deploys_with_the_compiler_that_was_tested()
    {
        var packages = InfraFolder.ReadFromRoot("Directory.Packages.props");
        var version = Compiler().Match(packages).Groups["version"].Value;

        Workflow.ShouldContain($"BICEP_VERSION: v{version}\n");
    }

    [GeneratedRegex(@"uses: (?<action>.+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Uses();

    [GeneratedRegex(@"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"^ +[\w-]+: (read|write)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Permission();

    [GeneratedRegex(
        @"Azure\.Bicep\.CommandLine\.linux-x64"" Version=""(?<version>[\d.]+)""",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Compiler();
}
