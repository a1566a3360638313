using System.Buffers;
using System.Text.Json;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// Telemetry as JSON: an array of samples, or one sample a line (NDJSON); the first byte that is no space decides.
/// </summary>
public static class TelemetryJson
{
    /// <summary>Most bytes of a body, after any content encoding: 1 MiB.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Most samples of a body.</summary>
    public const int MaxSamples = 100_000;

    private static ReadOnlySpan<byte> Spaces => " \t\r\n"u8;

    /// <summary>
    /// Decodes a body. Samples are refused one by one; memory is used per batch, and per refusal, not per sample.
    /// </summary>
    /// <param name="latest">Samples of later times are refused: see <see cref="SampleRules"/>.</param>
    /// <param name="into">Emptied first. Empty again where the body as a whole cannot be read.</param>
    /// <returns>
    /// Why the body as a whole cannot be read: too large, neither form, or an array that is broken JSON. Null
    /// otherwise, even if every sample was refused. A broken line of NDJSON is one refused sample.
    /// </returns>
    public static FieldError? Decode(
        ReadOnlySpan<byte> body,
        FindFleet find,
        DateTimeOffset latest,
        TelemetryBatch into
    )
    {
        into.Clear();
        if (body.Length > MaxBodyBytes)
        {
            return new("body", $"has {body.Length} bytes", $"send at most {MaxBodyBytes} bytes at a time");
        }
        if (body.StartsWith("\uFEFF"u8))
        {
            body = body[3..];
        }
        var start = body.IndexOfAnyExcept(Spaces);
        var error =
            start < 0 ? new("body", "is empty", "send a JSON array of samples, or one sample a line")
            : body[start] == '[' ? DecodeArray(body, find, latest, into)
            : body[start] == '{' ? DecodeLines(body, find, latest, into)
            : new FieldError(
                "body",
                "begins neither with '[' nor with '{'",
                "send a JSON array of samples, or one sample a line"
            );
        if (error is not null)
        {
            into.Clear();
        }
        return error;
    }

    private static FieldError? DecodeArray(
        ReadOnlySpan<byte> body,
        FindFleet find,
        DateTimeOffset latest,
        TelemetryBatch into
    )
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            for (var position = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; position++)
            {
                if (position == MaxSamples)
                {
                    return TooMany;
                }
                Take(SampleObject.Read(ref reader, fleetRequired: true), position, find, latest, into);
            }
            reader.Read(); // throws where something follows the array
            return null;
        }
        catch (JsonException broken)
        {
            return Broken("body", broken, broken.LineNumber ?? 0);
        }
    }

    private static FieldError? DecodeLines(
        ReadOnlySpan<byte> body,
        FindFleet find,
        DateTimeOffset latest,
        TelemetryBatch into
    )
    {
        var samples = 0;
        for (var position = 0; !body.IsEmpty; position++)
        {
            var end = body.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? [] : body[(end + 1)..];
            if (line.IndexOfAnyExcept(Spaces) < 0)
            {
                continue;
            }
            if (++samples > MaxSamples)
            {
                return TooMany;
            }
            try
            {
                Take(ReadLine(line, fleetRequired: true), position, find, latest, into);
            }
            catch (JsonException broken)
            {
                into.Refuse(position, [], Broken("", broken, position));
            }
        }
        return null;
    }

    /// <summary>Reads a line of NDJSON, its line break cut off.</summary>
    /// <inheritdoc cref="SampleObject.Read" path="/param|/exception"/>
    public static SampleObject ReadLine(ReadOnlySpan<byte> line, bool fleetRequired)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        var sample = SampleObject.Read(ref reader, fleetRequired);
        reader.Read(); // throws where something follows the sample
        return sample;
    }

    /// <summary>Encodes samples as arrays that fit a queue message, each with fleets of one shard.</summary>
    /// <param name="samples">With finite values.</param>
    /// <returns>
    /// One or more bodies of at most <see cref="QueueLimits.MaxBodyBytes"/> for each shard that has samples.
    /// </returns>
    public static IEnumerable<ReadOnlyMemory<byte>> Write(IEnumerable<Sample> samples, int shardCount)
    {
        foreach (var shard in samples.GroupBy(sample => sample.Fleet.Shard(shardCount)))
        {
            var body = new ArrayBufferWriter<byte>(QueueLimits.MaxBodyBytes);
            var one = new ArrayBufferWriter<byte>(256);
            using var writer = new Utf8JsonWriter(one);
            foreach (var sample in shard)
            {
                WriteOne(writer, sample);
                if (body.WrittenCount + one.WrittenCount + 2 > QueueLimits.MaxBodyBytes)
                {
                    body.Write("]"u8);
                    yield return body.WrittenMemory;
                    body = new ArrayBufferWriter<byte>(QueueLimits.MaxBodyBytes);
                }
                body.Write(body.WrittenCount == 0 ? "["u8 : ","u8);
                body.Write(one.WrittenSpan);
                one.ResetWrittenCount();
                writer.Reset();
            }
            body.Write("]"u8);
            yield return body.WrittenMemory;
        }
    }

    private static void WriteOne(Utf8JsonWriter writer, in Sample sample)
    {
        writer.WriteStartObject();
        writer.WriteString("fleet"u8, sample.Fleet.ToString());
        writer.WriteString("at"u8, sample.At);
        writer.WriteNumber("healthy"u8, sample.Healthy);
        writer.WriteNumber("running"u8, sample.Running);
        writer.WriteNumber("queued"u8, sample.Queued);
        if (sample.Watts is { } watts)
        {
            writer.WriteNumber("watts"u8, watts);
        }
        writer.WriteEndObject();
        writer.Flush();
    }

    private static FieldError TooMany =>
        new("body", $"has more than {MaxSamples} samples", $"send at most {MaxSamples} samples at a time");

    private static FieldError Broken(string field, JsonException broken, long line) =>
        new(
            field,
            $"is broken JSON at line {line + 1}, byte {(broken.BytePositionInLine ?? 0) + 1}",
            "send whole, valid JSON"
        );

    private static void Take(
        in SampleObject sample,
        int position,
        FindFleet find,
        DateTimeOffset latest,
        TelemetryBatch into
    )
    {
        if (sample.Error is { } malformed)
        {
            into.Refuse(position, sample.Fleet, malformed);
            return;
        }
        if (!find(sample.Fleet, out var fleet, out var shard))
        {
            into.RefuseUnknown(position, sample.Fleet);
            return;
        }
        var known = new Sample(fleet, sample.At, sample.Healthy, sample.Running, sample.Queued, sample.Watts);
        into.Judge(position, shard, known, latest);
    }
}
