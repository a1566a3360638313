using System.Text;
using System.Text.Json;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Local.Recordings;

/// <summary>Samples of a recording with one JSON object a line.</summary>
internal static class NdjsonSamples
{
    public static IEnumerable<RecordedSample> Read(TextReader text, FleetId name, Action<long, string> badRow)
    {
        for (var line = 1L; text.ReadLine() is { } row; line++)
        {
            if (string.IsNullOrWhiteSpace(row))
            {
                continue;
            }
            if (Parse(row, name, out var sample) is { } problem)
            {
                badRow(line, problem);
            }
            else
            {
                yield return new(line, sample);
            }
        }
    }

    private static string? Parse(string row, FleetId name, out Sample sample)
    {
        sample = default;
        try
        {
            var read = TelemetryJson.ReadLine(Encoding.UTF8.GetBytes(row), fleetRequired: false);
            if (read.Error is { } error)
            {
                return Recording.Words(error);
            }
            var fleet = name;
            if (read.NamesFleet && !FleetId.TryParse(Encoding.UTF8.GetString(read.Fleet), out fleet))
            {
                return $"fleet is not {FleetId.Shape}";
            }
            sample = new(fleet, read.At.ToUniversalTime(), read.Healthy, read.Running, read.Queued, read.Watts);
            return Recording.Problem(sample);
        }
        catch (JsonException broken)
        {
            return $"is broken JSON at byte {(broken.BytePositionInLine ?? 0) + 1}";
        }
    }
}
