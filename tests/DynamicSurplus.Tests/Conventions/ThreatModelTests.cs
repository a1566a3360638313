using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Conventions;

/// <summary>Every threat of docs/security.md names the tests that hold it off, and they are there.</summary>
public sealed partial class ThreatModelTests
{
    private const string Heading = "## Threat model";

    [Fact]
    public void Every_threat_has_its_tests()
    {
        var rows = Rows(SourceTree.Files.Single(file => file.Path == "docs/security.md").Text);

        rows.Count.ShouldBeGreaterThan(25);
        rows.Where(row => !Test().IsMatch(row[^1])).Select(row => row[0]).ShouldBeEmpty();
    }

    [Fact]
    public void Every_test_that_the_threat_model_names_exists()
    {
        var rows = Rows(SourceTree.Files.Single(file => file.Path == "docs/security.md").Text);

        var missing = rows.SelectMany(row => Test().Matches(row[^1])).Where(name => !Exists(name)).Select(m => m.Value);

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Test_that_is_none_is_found_out() =>
        Rows($"{Heading}\n| a | b | c |\n|---|---|---|\n| x | y | `ThreatModelTests.Nothing_of_the_kind` |")
            .SelectMany(row => Test().Matches(row[^1]))
            .ShouldAllBe(name => !Exists(name));

    private static List<string[]> Rows(string text) =>
        [
            .. text[text.IndexOf(Heading, StringComparison.Ordinal)..]
                .Split('\n')
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
                .Skip(1)
                .Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries)),
        ];

    private static bool Exists(Match name) =>
        SourceTree.Files.Any(file =>
            file.Path.StartsWith("tests/", StringComparison.Ordinal)
            && file.Path.EndsWith($"/{name.Groups["class"].Value}.cs", StringComparison.Ordinal)
            && Regex.IsMatch(
                file.Text,
                $@"\[(Fact|Theory)\b((?!\n    (public|private|protected) ).)*\n    public (async )?(Task|void) "
                    + $@"{name.Groups["method"].Value}\(",
                RegexOptions.ExplicitCapture | RegexOptions.Singleline,
                TimeSpan.FromSeconds(1)
            )
        );

    [GeneratedRegex(@"`(?<class>\w+)\.(?<method>\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Test();
}
