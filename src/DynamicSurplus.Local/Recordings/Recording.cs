using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Local.Recordings;

/// <summary>
/// A file of recorded telemetry, read as a stream. <c>.csv</c>: columns
/// <c>at,healthy,running,queued[,watts][,fleet]</c>, or those of the Helios traces,
/// <c>time,total_gpu_num,running_gpu_num,pending_gpu_num</c>, in any order and among any others. <c>.ndjson</c>,
/// <c>.jsonl</c>: a line is a sample as the API takes it, its <c>fleet</c> optional. Each also with <c>.gz</c>. Samples
/// that name no fleet are of the fleet that the file is named after.
/// </summary>
public sealed class Recording
{
    /// <summary>Most bytes of a file, unpacked: 1 GiB, some twenty fleet-years of minutes.</summary>
    public const long MaxBytes = 1L << 30;

    /// <summary>Most bytes of a line: far more than a sample takes.</summary>
    public const int MaxLineBytes = 64 * 1024;

    private readonly string _path;
    private readonly long _maxBytes;
    private readonly bool _isCsv;

    private Recording(string path, FleetId name, bool isCsv, long maxBytes)
    {
        _path = path;
        _maxBytes = maxBytes;
        _isCsv = isCsv;
        Name = name;
    }

    /// <summary>The fleet that the file is named after: its name without extensions, made a fleet id.</summary>
    public FleetId Name { get; }

    /// <summary>Opens a recording and reads its beginning, so that a file of another kind fails here.</summary>
    /// <param name="maxBytes">Most bytes, unpacked.</param>
    /// <exception cref="InvalidDataException">
    /// Another kind of file, a missing column, or no whole gzip file. Says what to do.
    /// </exception>
    /// <exception cref="IOException">No such file, or it cannot be read.</exception>
    public static Recording Open(string path, long maxBytes = MaxBytes)
    {
        var stem = Path.GetFileName(path);
        var isPacked = HasExtension(stem, ".gz");
        stem = isPacked ? stem[..^3] : stem;
        var isCsv = HasExtension(stem, ".csv");
        if (!isCsv && !HasExtension(stem, ".ndjson") && !HasExtension(stem, ".jsonl"))
        {
            throw new InvalidDataException(
                $"{path} is no recording by its name: expected .csv, .ndjson or .jsonl, each also with .gz."
            );
        }
        var recording = new Recording(path, NameOf(path, Path.GetFileNameWithoutExtension(stem)), isCsv, maxBytes);
        using var text = recording.OpenText();
        if (isCsv)
        {
            CsvSamples.Open(path, text, recording.Name).Dispose();
        }
        else
        {
            text.Peek();
        }
        return recording;
    }

    /// <summary>The samples in the order of the file. A row that is no sample is reported and passed over.</summary>
    /// <param name="badRow">Told the line, from 1, and what is wrong with it.</param>
    /// <exception cref="InvalidDataException">While reading: the file is damaged, or larger than it may be.</exception>
    public IEnumerable<RecordedSample> Read(Action<long, string> badRow)
    {
        using var text = OpenText();
        if (_isCsv)
        {
            using var samples = CsvSamples.Open(_path, text, Name);
            foreach (var sample in samples.Read(badRow))
            {
                yield return sample;
            }
        }
        else
        {
            foreach (var sample in NdjsonSamples.Read(text, Name, badRow))
            {
                yield return sample;
            }
        }
    }

    /// <summary>
    /// What is wrong with a sample's values, or null. Its time may be any after 1999: recordings are of the past.
    /// </summary>
    internal static string? Problem(in Sample sample) =>
        SampleRules.Check(sample, DateTimeOffset.MaxValue) is { } error ? Words(error) : null;

    internal static string Words(FieldError error) => error.ToString().TrimStart();

    [SuppressMessage("Reliability", "CA2000", Justification = "The reader owns the streams beneath it.")]
    private StreamReader OpenText()
    {
        var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (!HasExtension(_path, ".gz"))
        {
            return new(new BoundedStream(file, _path, statedBytes: null, _maxBytes, MaxLineBytes));
        }
        Span<byte> trailer = stackalloc byte[4];
        file.Seek(-Math.Min(trailer.Length, file.Length), SeekOrigin.End);
        var stated =
            file.ReadAtLeast(trailer, trailer.Length, throwOnEndOfStream: false) < trailer.Length
                ? uint.MaxValue
                : BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        file.Seek(0, SeekOrigin.Begin);
        var unpacked = new GZipStream(file, CompressionMode.Decompress);
        return new(new BoundedStream(unpacked, _path, stated, _maxBytes, MaxLineBytes));
    }

    private static bool HasExtension(string name, string extension) =>
        name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    private static FleetId NameOf(string path, string stem)
    {
        var name = string.Concat(stem.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'))
            .Trim('-');
        return FleetId.TryParse(name[..Math.Min(63, name.Length)], out var id)
            ? id
            : throw new InvalidDataException(
                $"{path} names no fleet: give the file a name with a letter or digit a-z, 0-9."
            );
    }
}
