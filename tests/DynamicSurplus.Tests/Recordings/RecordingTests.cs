using System.IO.Compression;
using System.Text;
using DynamicSurplus.Local.Recordings;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Recordings;

public sealed class RecordingTests : IDisposable
{
    private const string HeliosHeader = "time,total_job_num,total_gpu_num,running_gpu_num,pending_gpu_num";
    private static readonly DateTimeOffset Noon = new(2026, 8, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("recordings-");
    private readonly List<(long Line, string Problem)> _bad = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("vcMod.csv.gz", "vcmod")]
    [InlineData("eu-north 1_h100.ndjson", "eu-north-1-h100")]
    [InlineData("-A.b.CSV", "a-b")]
    [InlineData("x.jsonl.GZ", "x")]
    public void A_recording_is_named_after_its_file(string file, string name) =>
        Recording.Open(Write(file, "at,healthy,running,queued\n")).Name.ShouldBe(FleetId.Parse(name));

    [Fact]
    public void Own_csv_is_read_with_columns_in_any_order_and_others_beside()
    {
        var samples = Read(
            "f.csv",
            "\uFEFFhealthy, AT ,note,queued,running,watts,fleet\r\n"
                + "100,2026-08-22T12:00:00Z,\"a, \"\"b\"\"\",10,60,650.5,fleet-1\r\n"
                + "\r\n"
                + "100,2026-08-22T14:00:00.001+02:00,,0,60.5,,fleet-2\r\n"
        );

        samples.ShouldBe([
            new(2, new(FleetId.Parse("fleet-1"), Noon, 100, 60, 10, 650.5)),
            new(4, new(FleetId.Parse("fleet-2"), Noon.AddMilliseconds(1), 100, 60.5, 0)),
        ]);
        _bad.ShouldBeEmpty();
    }

    [Fact]
    public void Helios_csv_is_read_with_its_local_times_as_utc() =>
        Read("vcX.csv.gz", $"{HeliosHeader}\n2020-05-01 00:01:00,7,208,162,3\n")
            .ShouldHaveSingleItem()
            .ShouldBe(new(2, new(FleetId.Parse("vcx"), new(2020, 5, 1, 0, 1, 0, TimeSpan.Zero), Healthy: 208, 162, 3)));

    [Theory]
    [InlineData("f.ndjson")]
    [InlineData("f.jsonl.gz")]
    public void Ndjson_is_read_with_the_file_for_a_fleet_where_a_line_names_none(string file) =>
        Read(
                file,
                """
                {"at":"2026-08-22T14:00:00+02:00","healthy":100,"running":60,"queued":10,"watts":650.5}

                {"fleet":"fleet-2","at":"2026-08-22T12:00:00Z","healthy":100,"running":60,"queued":10}
                """
            )
            .ShouldBe([
                new(1, new(FleetId.Parse("f"), Noon, 100, 60, 10, 650.5)),
                new(3, new(FleetId.Parse("fleet-2"), Noon, 100, 60, 10)),
            ]);

    [Theory]
    [InlineData("2026-08-22T12:00:00Z,100,60", "has 3 fields where the header has 6")]
    [InlineData("2026-08-22T12:00:00,100,60,10,,", "is no time with an offset")]
    [InlineData("noon,100,60,10,,", "is no time with an offset")]
    [InlineData("2026-08-22T12:00:00Z,many,60,10,,", "healthy 'many' is no number")]
    [InlineData("2026-08-22T12:00:00Z,,60,10,,", "healthy '' is no number")]
    [InlineData("2026-08-22T12:00:00Z,NaN,60,10,,", "healthy NaN is not finite")]
    [InlineData("2026-08-22T12:00:00Z,-1,60,10,,", "healthy -1 is negative")]
    [InlineData("2026-08-22T12:00:00Z,5,60,10,,", "more than 10 × healthy")]
    [InlineData("2026-08-22T12:00:00Z,100,60,10,much,", "watts 'much' is no number")]
    [InlineData("2026-08-22T12:00:00Z,100,60,10,0,", "watts 0 is not above 0")]
    [InlineData("2026-08-22T12:00:00Z,100,60,10,,A/B", "fleet 'A/B' is not 1 to 63 characters")]
    [InlineData("2026-08-22T12:00:00Z,1\"00,60,10,,f", "healthy '1\"00' is no number")]
    public void A_bad_row_of_csv_is_reported_with_its_line_and_the_rest_is_read(string row, string problem)
    {
        const string Good = "2026-08-22T12:00:00Z,100,60,10,,f";

        var samples = Read("f.csv", $"at,healthy,running,queued,watts,fleet\n{Good}\n{row}\n{Good}\n");

        samples.Select(sample => sample.Line).ShouldBe([2, 4]);
        var (line, reported) = _bad.ShouldHaveSingleItem();
        line.ShouldBe(3);
        reported.ShouldContain(problem);
    }

    [Theory]
    [InlineData("""{"at":"2026-08-22T12:00:00Z","healthy":100,"running":60}""", "queued is missing")]
    [InlineData("""{"at":"2026-08-22T12:00:00Z","healthy":1,"running":60,"queued":1}""", "more than 10 × healthy")]
    [InlineData(
        """{"fleet":"A","at":"2026-08-22T12:00:00Z","healthy":9,"running":6,"queued":1}""",
        "fleet is not 1 to"
    )]
    [InlineData("""{"fleet":"","at":"2026-08-22T12:00:00Z","healthy":9,"running":6,"queued":1}""", "fleet is not 1 to")]
    [InlineData("""{"at":"2026-08""", "is broken JSON at byte")]
    [InlineData("[1]", "is an array, not an object")]
    public void A_bad_line_of_ndjson_is_reported_and_the_rest_is_read(string row, string problem)
    {
        const string Good = """{"at":"2026-08-22T12:00:00Z","healthy":100,"running":60,"queued":10}""";

        var samples = Read("f.ndjson", $"{Good}\n{row}\n{Good}");

        samples.Select(sample => sample.Line).ShouldBe([1, 3]);
        var (line, reported) = _bad.ShouldHaveSingleItem();
        line.ShouldBe(2);
        reported.ShouldContain(problem);
    }

    [Theory]
    [InlineData("at,healthy,running\n", "it has at, healthy, running; expected are at, healthy, running, queued")]
    [InlineData(
        "time,total_gpu_num,running_gpu_num\n1,2,3\n",
        "or time, total_gpu_num, running_gpu_num, pending_gpu_num"
    )]
    [InlineData("", "it has none")]
    [InlineData("at,healthy,running,queued,At\n", "has the column at twice")]
    public void A_missing_column_is_an_error_before_any_row(string text, string problem) =>
        Should.Throw<InvalidDataException>(() => Recording.Open(Write("f.csv", text))).Message.ShouldContain(problem);

    [Theory]
    [InlineData("f.txt", "expected .csv, .ndjson or .jsonl")]
    [InlineData("f.gz", "expected .csv, .ndjson or .jsonl")]
    [InlineData("--.csv", "names no fleet")]
    public void A_file_of_another_name_is_refused(string file, string problem) =>
        Should.Throw<InvalidDataException>(() => Recording.Open(Write(file, ""))).Message.ShouldContain(problem);

    [Fact]
    public void A_missing_file_is_an_input_error() =>
        Should.Throw<IOException>(() => Recording.Open(Path.Combine(_folder.FullName, "none.csv")));

    [Fact]
    public void A_gzip_that_lies_is_told_in_words()
    {
        var rows = string.Concat(
            Enumerable.Range(0, 5_000).Select(n => $"2026-08-22T12:00:00Z,100,{n % 97},{n % 89}\n")
        );
        var path = Write("f.csv.gz", $"at,healthy,running,queued\n{rows}");
        var whole = File.ReadAllBytes(path);

        Lies([.. whole[..^4], .. new byte[4]]); // another length
        Lies([.. whole[..^8], .. new byte[8]]); // another checksum
        Lies(whole[..(whole.Length / 2)]);
        Lies(whole[..^1]);
        Lies(whole[..^8]);
        Lies([.. whole, .. whole]);
        Lies([]);
        Lies([.. whole[..500], .. new byte[500], .. whole[1_000..]]);
        Lies("at,healthy,running,queued\n"u8.ToArray());

        void Lies(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            Should
                .Throw<InvalidDataException>(() => Recording.Open(path).Read(Report).Count())
                .Message.ShouldContain($"{path} is no whole gzip file");
        }
    }

    [Fact]
    public void A_file_that_unpacks_to_more_than_it_may_is_refused()
    {
        const string Row = "2026-08-22T12:00:00Z,100,60,10\n";
        var path = Write("f.csv.gz", $"at,healthy,running,queued\n{string.Concat(Enumerable.Repeat(Row, 10_000))}");
        var recording = Recording.Open(path, maxBytes: 100_000);

        Should
            .Throw<InvalidDataException>(() => recording.Read(Report).Count())
            .Message.ShouldContain("has more than 100000 bytes unpacked");
    }

    [Theory]
    [InlineData("f.csv.gz", ",")]
    [InlineData("f.ndjson", " ")]
    [InlineData("g.csv", "\"")]
    [InlineData("h.csv", "x\n")]
    public void A_line_without_end_is_refused_before_it_fills_memory(string file, string part)
    {
        var start = file.EndsWith("ndjson", StringComparison.Ordinal) ? "" : "at,healthy,running,queued\n\"";
        var path = Write(file, start + string.Concat(Enumerable.Repeat(part, 200_000)));

        Should
            .Throw<InvalidDataException>(() => Recording.Open(path).Read(Report).Count())
            .Message.ShouldContain("65536");
    }

    [Fact]
    public void Helios_traces_are_read_to_the_last_row()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "DynamicSurplus.sln")))
        {
            root = root.Parent;
        }
        var helios = Path.Combine(root?.FullName ?? ".", "..", "shared", "data", "helios");
        if (!Directory.Exists(helios))
        {
            Assert.Skip("The recorded traces are not beside the repository (../shared/data/helios).");
        }

        foreach (var path in Directory.GetFiles(helios, "vc*.csv.gz"))
        {
            var samples = Recording.Open(path).Read(Report).ToList();

            _bad.ShouldBeEmpty();
            samples.Count.ShouldBe(44_640);
            samples[^1].Line.ShouldBe(44_641);
            samples[^1].Sample.At.ShouldBe(samples[0].Sample.At.AddMinutes(44_639));
        }
    }

    private List<RecordedSample> Read(string file, string text) => [.. Recording.Open(Write(file, text)).Read(Report)];

    private void Report(long line, string problem) => _bad.Add((line, problem));

    private string Write(string file, string text)
    {
        var path = Path.Combine(_folder.FullName, file);
        using Stream target = File.Create(path);
        using var packed = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(target, CompressionLevel.Fastest)
            : target;
        packed.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }
}
