using DynamicSurplus.Local.Recordings;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Local.Backtesting;

/// <summary>
/// Reads recordings into traces: every fleet that a file names is one, or else the one that it is named after.
/// </summary>
public static class TraceFiles
{
    /// <summary>Bad rows of a file that are told one by one.</summary>
    private const int MostToldRows = 10;

    /// <param name="tell">Takes a line about rows that are passed over.</param>
    /// <exception cref="InvalidDataException">
    /// A file cannot be used, or two hold the same fleet. Says what to do.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<FleetTrace> Read(
        IReadOnlyList<string> paths,
        TickLength length,
        Action<string> tell,
        CancellationToken cancellationToken
    )
    {
        // All are opened before one is read: a file of another kind is told at once.
        var recordings = paths.Select(path => (Path: path, Recording: Recording.Open(path))).ToList();
        var traces = new List<FleetTrace>();
        var sources = new Dictionary<FleetId, string>();
        foreach (var (path, recording) in recordings)
        {
            foreach (var (fleet, samples) in Samples(path, recording, tell, cancellationToken))
            {
                if (!sources.TryAdd(fleet, path))
                {
                    throw new InvalidDataException(
                        $"{path} and {sources[fleet]} both hold fleet {fleet}: give each fleet once, or rename a file."
                    );
                }
                traces.Add(new FleetTrace(fleet, samples, length));
            }
        }
        return traces;
    }

    private static Dictionary<FleetId, List<Sample>> Samples(
        string path,
        Recording recording,
        Action<string> tell,
        CancellationToken cancellationToken
    )
    {
        var byFleet = new Dictionary<FleetId, List<Sample>>();
        var badRows = 0;
        foreach (var (_, sample) in recording.Read(PassOver))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!byFleet.TryGetValue(sample.Fleet, out var samples))
            {
                byFleet.Add(sample.Fleet, samples = []);
            }
            samples.Add(sample);
        }
        if (badRows > MostToldRows)
        {
            tell($"{path}: {badRows - MostToldRows} more rows skipped");
        }
        return byFleet.Count > 0
            ? byFleet
            : throw new InvalidDataException($"{path} holds no sample: give a recording with one good row at least.");

        void PassOver(long line, string problem)
        {
            if (++badRows <= MostToldRows)
            {
                tell($"{path}:{line}: {problem}; row skipped");
            }
        }
    }
}
