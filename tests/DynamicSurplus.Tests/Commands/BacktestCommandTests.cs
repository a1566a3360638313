using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DynamicSurplus.Local.Commands;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Commands;

public sealed class BacktestCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("backtest-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Figures_are_printed_and_written_the_same_for_the_same_seed()
    {
        var (one, other) = (Recording("one.csv"), Recording("other.csv", demand: 20));

        var first = await RunAsync(one, other, "--seed", "7", "--market", "strong", "--json", At("a.json"));
        var second = await RunAsync(one, other, "--seed", "7", "--market", "strong", "--json", At("b.json"));

        first.ExitCode.ShouldBe(0);
        first.Output.ShouldStartWith("Every figure was made with SYNTHETIC outside demand (market strong, seed 7).");
        first.Output.ShouldBe(second.Output);
        first.Error.ShouldContain("100 %");
        File.ReadAllBytes(At("a.json")).ShouldBe(File.ReadAllBytes(At("b.json")));
        JsonNode.Parse(File.ReadAllText(At("a.json")))!["fleets"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Bad_rows_are_told_and_skipped()
    {
        var path = Recording("a.csv");
        await File.AppendAllTextAsync(path, "2026-08-03T00:00:00Z,8,many,0\n", TestContext.Current.CancellationToken);

        var run = await RunAsync(path);

        run.ExitCode.ShouldBe(0);
        run.Error.ShouldContain("a.csv:1502: running 'many' is no number; row skipped");
        run.Output.ShouldNotContain("many");
    }

    [Fact]
    public async Task Policy_file_sets_the_knobs()
    {
        var walled = Write("p.json", """{"wallEnforced": true, "wall": 0.5, "ceiling": "2.5"}""");

        var run = await RunAsync(Recording("a.csv", demand: 24), "--policy", walled, "--json", At("a.json"));

        run.ExitCode.ShouldBe(0);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(At("a.json"), TestContext.Current.CancellationToken))!;
        json["policy"]!["ceiling"]!.GetValue<decimal>().ShouldBe(2.5m);
        json["total"]!["displaced"]!.GetValue<double>().ShouldBe(8 / 24.0, 1e-9);
    }

    [Theory]
    [InlineData("""{"walls": 0.9}""", "walls")]
    [InlineData("""{"wall": 1.5}""", "policy.wall")]
    [InlineData("""{"floor": "1.5"}""", "policy.floor")]
    [InlineData("""{"wall": 0.9, "wall": 0.8}""", "wall")]
    [InlineData("""{"kappa": "fast"}""", "kappa")]
    [InlineData("""{"kappa": 0.""", "JSON")]
    public async Task Bad_policy_is_refused_by_name_before_anything_runs(string policy, string named)
    {
        var run = await RunAsync(Recording("a.csv"), "--policy", Write("p.json", policy));

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(named);
        run.Error.ShouldContain("p.json");
        run.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a.txt", ".csv, .ndjson or .jsonl")]
    [InlineData("narrow.csv", "queued")]
    public async Task File_that_cannot_be_used_is_refused_before_anything_runs(string file, string named)
    {
        Write("narrow.csv", "at,healthy,running\n");
        Write("a.txt", "");

        var run = await RunAsync(Recording("good.csv"), At(file));

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(named);
        run.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nowhere/a.json")]
    [InlineData("")]
    public async Task Figures_cannot_go_where_no_file_can_be(string json)
    {
        var run = await RunAsync(Recording("good.csv"), "--json", At(json));

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--json");
        run.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--seed", "1.5", "whole number")]
    [InlineData("--market", "huge", "medium")]
    public void Bad_options_say_what_was_expected(string option, string value, string expected)
    {
        var parsed = BacktestCommand.Create().Parse([Write("a.csv", ""), option, value]);

        parsed.Errors.Single().Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("absent.csv")]
    [InlineData("here.csv", "--policy", "absent.json")]
    public void Files_must_be_there(params string[] args)
    {
        Write("here.csv", "");

        var parsed = BacktestCommand.Create().Parse(args.Select(a => a.StartsWith('-') ? a : At(a)).ToArray());

        parsed.Errors.Single().Message.ShouldContain("absent");
    }

    [Fact]
    public void File_is_needed() => BacktestCommand.Create().Parse([]).Errors.ShouldNotBeEmpty();

    [Fact]
    public async Task Help_has_an_example()
    {
        var run = await RunAsync("--help");

        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("Example: surplus backtest");
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exitCode = await new RootCommand { BacktestCommand.Create() }
            .Parse(["backtest", .. args])
            .InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error },
                TestContext.Current.CancellationToken
            );
        return (exitCode, output.ToString(), error.ToString());
    }

    private string At(string file) => Path.Combine(_folder.FullName, file);

    private string Write(string file, string text)
    {
        File.WriteAllText(At(file), text);
        return At(file);
    }

    /// <summary>A day and an hour of a fleet of 32 GPUs.</summary>
    private string Recording(string file, int demand = 8)
    {
        var start = new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero);
        var rows = Enumerable
            .Range(0, 1500)
            .Select(i =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{start.AddMinutes(i):yyyy-MM-ddTHH:mm:ssZ},32,{demand},0\n"
                )
            );
        return Write(file, new StringBuilder("at,healthy,running,queued\n").AppendJoin("", rows).ToString());
    }
}
