using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Conventions;

/// <summary>The tree keeps the house's rules, and each rule finds what it forbids.</summary>
public sealed class HouseRulesTests
{
    private const string Declaration = "namespace DynamicSurplus.Risk;\n\npublic sealed class Block;\n";

    private static readonly Dictionary<string, Func<IEnumerable<SourceFile>, IEnumerable<string>>> Rules = new(
        StringComparer.Ordinal
    )
    {
        ["long files"] = HouseRules.LongFiles,
        ["long lines"] = HouseRules.LongLines,
        ["long methods"] = HouseRules.LongMethods,
        ["vague names"] = HouseRules.VagueNames,
        ["unfinished work"] = HouseRules.UnfinishedWork,
        ["machine places"] = HouseRules.MachinePlaces,
        ["locked registries"] = HouseRules.LockedRegistries,
        ["wrong namespaces"] = HouseRules.WrongNamespaces,
        ["wrong types"] = HouseRules.WrongTypes,
    };

    public static TheoryData<string> RuleNames => [.. Rules.Keys];

    public static TheoryData<string, string, string> Offences =>
        new()
        {
            { "long files", "src/A/B.cs", new string('\n', HouseRules.MostLines) + "// one more" },
            { "long lines", "src/A/B.cs", "// " + new string('x', HouseRules.MostColumns - 2) },
            { "long methods", "src/A/B.cs", Method(lines: HouseRules.MostMethodLines + 1) },
            { "vague names", "src/A/Block" + "Helper.cs", "" },
            { "vague names", "src/A/Misc" + ".cs", "" },
            { "unfinished work", "docs/a.md", "TO" + "DO: the rest" },
            { "machine places", ".ci/run", "npm ci --registry https://registr" + "y.example.org" },
            { "machine places", "README.md", "cd /hom" + "e/somebody" },
            { "machine places", "README.md", "open ../share" + "d/data" },
            { "locked registries", "tools/a/package-lock.json", "\"resolve" + "d\": \"https://example.org/a.tgz\"" },
            { "wrong namespaces", "src/DynamicSurplus/Pricing/Block.cs", Declaration },
            { "wrong namespaces", "src/DynamicSurplus/Risk/Block.cs", "public sealed class Block;" },
            { "wrong namespaces", "tests/AzureFunctions.Reference/Microsoft.A/Block.cs", Declaration },
            { "wrong types", "src/DynamicSurplus/Risk/Score.cs", Declaration },
            { "wrong types", "src/DynamicSurplus/Risk/Block.Scores.cs", Declaration },
            {
                "wrong types",
                "src/DynamicSurplus/Risk/Block.cs",
                Declaration + "internal readonly record struct Score(int A);"
            },
        };

    public static TheoryData<string, string, string> Limits =>
        new()
        {
            { "long files", "src/A/B.cs", new string('\n', HouseRules.MostLines - 1) + "// the last" },
            { "long lines", "src/A/B.cs", "// " + new string('x', HouseRules.MostColumns - 3) },
            { "long methods", "src/A/B.cs", Method(lines: HouseRules.MostMethodLines) },
            { "vague names", "src/A/Commonplace.cs", "" },
            { "wrong namespaces", "src/DynamicSurplus/Risk/Block.cs", Declaration },
            { "wrong namespaces", "tests/AzureFunctions.Reference/DynamicSurplus.Risk/Block.cs", Declaration },
            { "wrong types", "src/DynamicSurplus/Risk/Block.cs", Declaration + "file sealed class Score;" },
            { "wrong types", "src/DynamicSurplus/Risk/Block.Scores.cs", "internal static partial class Block" },
        };

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Tree_keeps_the_rule(string rule)
    {
        SourceTree.Files.Count.ShouldBeGreaterThan(100);

        Rules[rule](SourceTree.Files).ShouldBeEmpty(rule);
    }

    [Theory]
    [MemberData(nameof(Offences))]
    public void Rule_names_its_offender(string rule, string path, string text) =>
        Rules[rule]([new SourceFile(path, text)]).ShouldHaveSingleItem().ShouldStartWith(path);

    [Theory]
    [MemberData(nameof(Limits))]
    public void Rule_lets_pass_what_just_keeps_it(string rule, string path, string text) =>
        Rules[rule]([new SourceFile(path, text)]).ShouldBeEmpty();

    /// <summary>A method that takes so many lines, its declaration and brackets among them, in a nested type.</summary>
    private static string Method(int lines) =>
        "internal sealed class B\n{\n    private sealed class C\n    {\n        public void D(\n"
        + "            int e\n        )\n"
        + "        {\n"
        + string.Concat(Enumerable.Repeat("            e++;\n", lines - 5))
        + "        }\n    }\n}\n";
}
