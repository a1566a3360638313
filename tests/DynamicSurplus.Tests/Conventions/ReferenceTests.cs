using System.Reflection;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Conventions;

/// <summary>
/// References run one way: core ← Engine ← {Cloud, Api} ← {Functions, Local}. Those in one bracket do not know each
/// other.
/// </summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["DynamicSurplus"] = [],
        ["DynamicSurplus.Engine"] = ["DynamicSurplus"],
        ["DynamicSurplus.Cloud"] = ["DynamicSurplus", "DynamicSurplus.Engine"],
        ["DynamicSurplus.Api"] = ["DynamicSurplus", "DynamicSurplus.Engine"],
        ["DynamicSurplus.Functions"] =
        [
            "DynamicSurplus",
            "DynamicSurplus.Engine",
            "DynamicSurplus.Cloud",
            "DynamicSurplus.Api",
        ],
        ["DynamicSurplus.Local"] =
        [
            "DynamicSurplus",
            "DynamicSurplus.Engine",
            "DynamicSurplus.Cloud",
            "DynamicSurplus.Api",
        ],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Fact]
    public void Every_project_has_its_place_in_the_order() =>
        Directory
            .GetDirectories(SourceTree.PathOf("src"))
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal)
            .ShouldBe(Allowed.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_what_lies_below_it(string project)
    {
        var file = XDocument.Load(SourceTree.PathOf($"src/{project}/{project}.csproj"));

        // The twin is no part of the product: it stands where a feed lacks the official packages.
        var references = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))
            .Where(reference => !string.Equals(reference, "AzureFunctions.Reference", StringComparison.Ordinal));

        references.Except(Allowed[project], StringComparer.Ordinal).ShouldBeEmpty($"{project} reaches up");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_uses_only_what_lies_below_it(string project)
    {
        var name = string.Equals(project, "DynamicSurplus.Local", StringComparison.Ordinal) ? "surplus" : project;

        var used = Assembly
            .Load(name)
            .GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(reference =>
                reference.StartsWith("DynamicSurplus", StringComparison.Ordinal)
                || string.Equals(reference, "surplus", StringComparison.Ordinal)
            );

        used.Except(Allowed[project], StringComparer.Ordinal).ShouldBeEmpty($"{project} reaches up");
    }
}
