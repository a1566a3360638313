using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using DynamicSurplus.Local.Commands;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Commands;

public sealed class CheckModelCommandTests : IDisposable
{
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Golden", "golden.json");
    private static readonly string[] Sections = ["tick", "block_end", "reclaim", "interruption", "amount_micro_usd"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("check-model-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Golden_cases_agree_and_every_function_is_reported()
    {
        var run = await RunAsync(Golden);

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        foreach (
            var function in (string[])["surplus, double", "block_end", "reclaim", "interruption", "amount_micro_usd"]
        )
        {
            Line(run.Output, function).ShouldContain(" 500 ");
            Line(run.Output, function).ShouldEndWith("ok");
        }
    }

    [Theory]
    [InlineData("tick, scalar kernel", "tick", "total", 5e-6)]
    [InlineData("tick, vector kernel", "tick", "total", 5e-6)]
    [InlineData("tick, scalar kernel", "tick", "rate", 1.0)]
    [InlineData("tick, vector kernel", "tick", "target", 1.0)]
    [InlineData("surplus, double", "tick", "firm", 2e-9)]
    [InlineData("block_end", "block_end", "score", 2e-9)]
    [InlineData("block_end", "block_end", "weight", 1.0)]
    [InlineData("block_end margins", "block_end", "margin_firm", 1e-15)]
    [InlineData("interruption", "interruption", null, 2e-9)]
    [InlineData("amount_micro_usd", "amount_micro_usd", null, 1.0)]
    public async Task Result_past_its_limit_fails_and_names_its_place(
        string function,
        string section,
        string? member,
        double change
    )
    {
        var run = await RunAsync(
            Write(cases =>
            {
                var @case = cases[section]![7]!;
                var result = member is null ? @case["out"]! : @case["out"]![member]!;
                var capacity = string.Equals(section, "tick", StringComparison.Ordinal)
                    ? @case["in"]!["capacity"]!.GetValue<double>()
                    : 1;
                result.ReplaceWith(result.GetValue<double>() + (change * capacity));
            })
        );

        run.ExitCode.ShouldBe(1);
        Line(run.Output, function).ShouldContain($"BEYOND at $.{section}[7].out");
    }

    [Fact]
    public async Task Another_choice_of_leases_fails()
    {
        var run = await RunAsync(Write(cases => cases["reclaim"]![3]!["out"]!.AsArray().Add(99)));

        run.ExitCode.ShouldBe(1);
        Line(run.Output, "reclaim").ShouldContain("BEYOND at $.reclaim[3].out");
    }

    [Fact]
    public async Task Missing_file_says_so()
    {
        var run = await RunAsync(Path.Combine(_folder.FullName, "none.json"));

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("none.json: there is no such file");
    }

    [Fact]
    public async Task Folder_instead_of_a_file_says_so()
    {
        var run = await RunAsync(_folder.FullName);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("it is no file");
    }

    [Theory]
    [InlineData("", "$, line 1")]
    [InlineData("[]", "$, line 1")]
    [InlineData("null", "give an object")]
    [InlineData("{\n\"tick\": [,", "$.tick[0], line 2, byte 9")]
    [InlineData("{\"edges\": [0, \"a\"]}", "$.edges[1], line 1")]
    [InlineData("{\"edges\": [], \"edges\": []}", "$.edges")]
    [InlineData("{\"seed\": 1}", "'block_end'")]
    [InlineData("{\"tick\": [{\"in\": {\"floor\": 1}}]}", "'ceiling'")]
    public async Task Malformed_file_is_refused_by_its_place(string text, string place)
    {
        var file = Path.Combine(_folder.FullName, "cases.json");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);

        var run = await RunAsync(file);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("cases.json: ");
        run.Error.ShouldContain(place);
        run.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Truncated_file_is_refused_by_its_place()
    {
        var text = await File.ReadAllTextAsync(Golden, TestContext.Current.CancellationToken);
        var file = Path.Combine(_folder.FullName, "cases.json");
        await File.WriteAllTextAsync(file, text[..(text.Length / 2)], TestContext.Current.CancellationToken);

        var run = await RunAsync(file);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("$.block_end[");
    }

    [Theory]
    [InlineData("$.block_end[0].in.h")]
    [InlineData("$.interruption[0].in.h")]
    [InlineData("$.reclaim[0].in.leases[0]")]
    [InlineData("$.amount_micro_usd[0].in[0]")]
    public async Task List_of_the_wrong_length_is_refused_by_its_place(string place)
    {
        var run = await RunAsync(
            Write(cases =>
            {
                JsonNode node = cases;
                foreach (var name in place[2..].Replace("]", "", StringComparison.Ordinal).Split('.', '['))
                {
                    node = int.TryParse(name, CultureInfo.InvariantCulture, out var index) ? node[index]! : node[name]!;
                }
                node.AsArray().RemoveAt(1);
            })
        );

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(place + ": give ");
    }

    [Theory]
    [InlineData("tick", null)]
    [InlineData("block_end", "in")]
    [InlineData("amount_micro_usd", "in")]
    [InlineData("reclaim", "out")]
    public async Task Null_instead_of_a_case_is_refused_by_its_place(string section, string? member)
    {
        var run = await RunAsync(
            Write(cases =>
            {
                if (member is null)
                {
                    cases[section]![2] = null;
                }
                else
                {
                    cases[section]![2]![member] = null;
                }
            })
        );

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain($"$.{section}[2]: give an object with 'in' and 'out'");
    }

    [Fact]
    public async Task File_without_cases_checks_nothing_and_says_so()
    {
        var run = await RunAsync(
            Write(cases =>
            {
                foreach (var section in Sections)
                {
                    cases[section] = new JsonArray();
                }
            })
        );

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("there is no case in it");
    }

    private static string Line(string output, string function) =>
        output.Split('\n').Single(line => line.StartsWith(function + "  ", StringComparison.Ordinal)).TrimEnd();

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string file)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exitCode = await CheckModelCommand
            .Create()
            .Parse([file])
            .InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error },
                TestContext.Current.CancellationToken
            );
        return (exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The first ten golden cases of each function, with a change.</summary>
    private string Write(Action<JsonNode> change)
    {
        var cases = JsonNode.Parse(File.ReadAllText(Golden))!;
        foreach (var section in Sections)
        {
            cases[section]!.AsArray().RemoveRange(10, 490);
        }
        change(cases);
        var file = Path.Combine(_folder.FullName, "cases.json");
        File.WriteAllText(file, cases.ToJsonString());
        return file;
    }
}
