using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Local.Recordings;

/// <summary>Samples of a recording with a header line and one row a sample.</summary>
internal sealed class CsvSamples : IDisposable
{
    private static readonly string[] OwnColumns = ["at", "healthy", "running", "queued"];
    private static readonly string[] HeliosColumns = ["time", "total_gpu_num", "running_gpu_num", "pending_gpu_num"];
    private static readonly string[] OwnTimes =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd'T'HH:mm'Z'",
        "yyyy-MM-dd'T'HH:mmzzz",
    ];
    private static readonly string[] HeliosTimes = ["yyyy-MM-dd HH:mm:ss"];

    private readonly CsvParser _parser;
    private readonly FleetId _name;
    private string[] _times = OwnTimes;
    private int[] _columns = [];
    private int _watts = -1;
    private int _fleet = -1;
    private int _width;

    private CsvSamples(TextReader text, FleetId name)
    {
        _name = name;
        _parser = new CsvParser(
            text,
            new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                BadDataFound = null, // a stray quote is no number, and matters nowhere else
                TrimOptions = TrimOptions.Trim,
                MaxFieldSize = Recording.MaxLineBytes,
            }
        );
    }

    /// <summary>Reads the header.</summary>
    /// <exception cref="InvalidDataException">It lacks a column, or has one twice.</exception>
    public static CsvSamples Open(string path, TextReader text, FleetId name)
    {
        var samples = new CsvSamples(text, name);
        try
        {
            samples.ReadHeader(path);
            return samples;
        }
        catch
        {
            samples.Dispose();
            throw;
        }
    }

    public IEnumerable<RecordedSample> Read(Action<long, string> badRow)
    {
        while (MoveNext())
        {
            if (Parse(out var sample) is { } problem)
            {
                badRow(_parser.RawRow, problem);
            }
            else
            {
                yield return new(_parser.RawRow, sample);
            }
        }
    }

    public void Dispose() => _parser.Dispose();

    private void ReadHeader(string path)
    {
        var header = MoveNext() ? _parser.Record ?? [] : [];
        _width = header.Length;
        var own = Array.ConvertAll(OwnColumns, IndexOf);
        var helios = Array.ConvertAll(HeliosColumns, IndexOf);
        if (own.Contains(-1) && helios.Contains(-1))
        {
            throw new InvalidDataException(
                $"{path} lacks a column: it has {(_width == 0 ? "none" : string.Join(", ", header))}; expected are "
                    + $"{string.Join(", ", OwnColumns)}, if known watts and fleet, "
                    + $"or {string.Join(", ", HeliosColumns)}."
            );
        }
        (_columns, _times) = own.Contains(-1) ? (helios, HeliosTimes) : (own, OwnTimes);
        _watts = IndexOf("watts");
        _fleet = IndexOf("fleet");

        int IndexOf(string column)
        {
            var index = Array.FindIndex(header, name => Same(name, column));
            return index >= 0 && Array.FindLastIndex(header, name => Same(name, column)) != index
                ? throw new InvalidDataException($"{path} has the column {column} twice: drop one.")
                : index;
        }

        static bool Same(string name, string column) => name.Equals(column, StringComparison.OrdinalIgnoreCase);
    }

    private bool MoveNext()
    {
        try
        {
            return _parser.Read();
        }
        catch (MaxFieldSizeException endless)
        {
            throw new InvalidDataException(
                $"Line {_parser.RawRow} opens a quote that is not closed in {Recording.MaxLineBytes} bytes.",
                endless
            );
        }
    }

    private string? Parse(out Sample sample)
    {
        sample = default;
        if (_parser.Count != _width)
        {
            return $"has {_parser.Count} fields where the header has {_width}";
        }
        var time = _parser[_columns[0]];
        if (
            !DateTimeOffset.TryParseExact(
                time,
                _times,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var at
            )
        )
        {
            return _times == HeliosTimes
                ? $"time '{time}' is not like 2020-05-01 00:00:00"
                : $"at '{time}' is no time with an offset, like 2026-08-22T10:00:00Z";
        }
        Span<double> values = stackalloc double[4];
        for (var column = 1; column < 4; column++)
        {
            var text = _parser[_columns[column]];
            if (!TryNumber(text, out values[column]))
            {
                return $"{OwnColumns[column]} '{text}' is no number";
            }
        }
        double? watts = null;
        if (_watts >= 0 && _parser[_watts] is { Length: > 0 } stated)
        {
            if (!TryNumber(stated, out var number))
            {
                return $"watts '{stated}' is no number";
            }
            watts = number;
        }
        var fleet = _name;
        if (_fleet >= 0 && _parser[_fleet] is { Length: > 0 } named && !FleetId.TryParse(named, out fleet))
        {
            return $"fleet '{named}' is not {FleetId.Shape}";
        }
        sample = new(fleet, at, values[1], values[2], values[3], watts);
        return Recording.Problem(sample);
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
