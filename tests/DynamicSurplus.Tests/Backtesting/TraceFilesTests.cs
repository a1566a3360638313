using DynamicSurplus.Local.Backtesting;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Backtesting;

public sealed class TraceFilesTests : IDisposable
{
    private const string Header = "at,healthy,running,queued\n";
    private const string Row = "2026-08-01T00:00:00Z,8,2,0\n";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("traces-");
    private readonly List<string> _told = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_file_is_a_fleet_unless_it_names_others()
    {
        var one = Write("Rack 1.csv", Header + Row);
        var two = Write(
            "all.csv",
            "at,healthy,running,queued,fleet\n2026-08-01T00:00:00Z,8,2,0,x\n2026-08-01T00:01:00Z,8,2,0,y\n"
        );

        var traces = Read(one, two);

        traces.Select(trace => trace.Fleet.ToString()).ShouldBe(["rack-1", "x", "y"]);
        _told.ShouldBeEmpty();
    }

    [Fact]
    public void Fleet_in_two_files_is_refused_with_both_names()
    {
        var one = Write("a.csv", Header + Row);
        var two = Write("a.ndjson", """{"at":"2026-08-01T00:00:00Z","healthy":8,"running":2,"queued":0}""");

        var message = Should.Throw<InvalidDataException>(() => Read(one, two)).Message;

        message.ShouldContain("a.csv");
        message.ShouldContain("a.ndjson");
    }

    [Fact]
    public void Bad_rows_are_told_by_line_ten_times_and_then_counted()
    {
        var path = Write("a.csv", Header + string.Concat(Enumerable.Repeat("2026-08-01T00:00:00Z,8,-2,0\n", 13)) + Row);

        var trace = Read(path).ShouldHaveSingleItem();

        trace.Samples.Length.ShouldBe(1);
        _told.Count.ShouldBe(11);
        _told[0].ShouldStartWith($"{path}:2: running");
        _told[10].ShouldBe($"{path}: 3 more rows skipped");
    }

    [Fact]
    public void File_without_a_sample_is_refused() =>
        Should.Throw<InvalidDataException>(() => Read(Write("a.csv", Header))).Message.ShouldContain("holds no sample");

    [Fact]
    public void Missing_column_of_the_last_file_is_told_before_the_first_is_read()
    {
        var good = Write("a.csv", Header + "no,time,at,all\n");
        var bad = Write("b.csv", "at,healthy,running\n");

        Should.Throw<InvalidDataException>(() => Read(good, bad)).Message.ShouldContain("queued");

        _told.ShouldBeEmpty();
    }

    private IReadOnlyList<FleetTrace> Read(params string[] paths) =>
        TraceFiles.Read(paths, Given.Length, _told.Add, TestContext.Current.CancellationToken);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
