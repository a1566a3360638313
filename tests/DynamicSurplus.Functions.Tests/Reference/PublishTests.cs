using System.Diagnostics;
using System.Xml.Linq;
using DynamicSurplus.Functions.Tests.Routes;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Reference;

/// <summary>The twin never ships.</summary>
public sealed class PublishTests
{
    private const string Project = "src/DynamicSurplus.Functions/DynamicSurplus.Functions.csproj";
    private const string Worker = "Microsoft.Azure.Functions.Worker";
    private const string OnPackages = "'$(UseAzureFunctionsPackages)' == 'true'";
    private const string OnTwin = "'$(UseAzureFunctionsPackages)' != 'true'";

    private static readonly string[] Deployed =
    [
        Worker,
        $"{Worker}.Sdk",
        $"{Worker}.Extensions.Timer",
        $"{Worker}.Extensions.Http",
        $"{Worker}.Extensions.Http.AspNetCore",
        $"{Worker}.Extensions.Storage.Queues",
        $"{Worker}.Extensions.ServiceBus",
        $"{Worker}.Extensions.DurableTask",
        "Azure.Messaging.ServiceBus",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("publish")]
    [InlineData("msbuild", "-t:Publish", "-p:NoBuild=true")]
    public async Task Publishing_the_twin_stops_and_says_what_is_missing(string verb, params string[] options)
    {
        string[] arguments = [verb, Path.Combine(TriggerSources.Root, Project), .. options];
        if (verb == "publish")
        {
            arguments = [.. arguments, "--no-restore"];
        }
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = TriggerSources.Root,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment.Remove("UseAzureFunctionsPackages");

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);

        process.ExitCode.ShouldNotBe(0);
        output.ShouldContain("error DS0001: This build refers to the reference twin");
        output.ShouldContain("-p:UseAzureFunctionsPackages=true");
    }

    [Fact]
    public void Deployed_app_has_every_official_package_and_not_the_twin()
    {
        var groups = XDocument.Load(Path.Combine(TriggerSources.Root, Project)).Descendants("ItemGroup").ToArray();

        var packages = groups.Where(group => group.Attribute("Condition")?.Value == OnPackages).Elements().ToArray();
        var twin = groups.Elements("ProjectReference").Single(r => r.Attribute("Include")!.Value.Contains("Reference"));

        Deployed.Except(packages.Select(package => package.Attribute("Include")!.Value)).ShouldBeEmpty();
        twin.Parent!.Attribute("Condition")!.Value.ShouldBe(OnTwin);
    }

    [Fact]
    public void Every_official_package_has_one_version()
    {
        var versions = XDocument
            .Load(Path.Combine(TriggerSources.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion")
            .ToDictionary(
                version => version.Attribute("Include")!.Value,
                version => version.Attribute("Version")!.Value
            );

        Deployed.ShouldAllBe(package => Version.IsMatch(versions[package]));
    }

    private static readonly System.Text.RegularExpressions.Regex Version = new(@"^\d+\.\d+\.\d+$");
}
