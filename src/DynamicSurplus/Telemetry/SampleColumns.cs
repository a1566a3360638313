using DynamicSurplus.Measures;

namespace DynamicSurplus.Telemetry;

/// <summary>
/// A batch of samples as columns. Fleets are references into the batch's own list. Made to be reused.
/// </summary>
public sealed class SampleColumns
{
    private readonly List<FleetId> _fleets = [];
    private readonly Dictionary<FleetId, int> _references = [];
    private int[] _fleetReferences = [];
    private long[] _atMilliseconds = [];
    private double[] _healthy = [];
    private double[] _running = [];
    private double[] _queued = [];
    private double[] _watts = [];

    /// <summary>Samples in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>The fleets that the batch names, each once, in order of first mention.</summary>
    public IReadOnlyList<FleetId> Fleets => _fleets;

    /// <summary>Whose sample it is: an index into <see cref="Fleets"/>.</summary>
    public ReadOnlySpan<int> FleetReferences => _fleetReferences.AsSpan(0, Count);

    /// <summary>Unix milliseconds.</summary>
    public ReadOnlySpan<long> AtMilliseconds => _atMilliseconds.AsSpan(0, Count);

    /// <summary>GPUs that answer.</summary>
    public ReadOnlySpan<double> Healthy => _healthy.AsSpan(0, Count);

    /// <summary>GPUs in use, as reported.</summary>
    public ReadOnlySpan<double> Running => _running.AsSpan(0, Count);

    /// <summary>GPUs that waiting jobs ask for.</summary>
    public ReadOnlySpan<double> Queued => _queued.AsSpan(0, Count);

    /// <summary>Watts per running GPU; <see cref="TelemetryColumns.NoWatts"/> where the sample states none.</summary>
    public ReadOnlySpan<double> Watts => _watts.AsSpan(0, Count);

    /// <summary>The sample in a row, its time cut to whole milliseconds.</summary>
    public Sample this[int row] =>
        new(
            Fleets[FleetReferences[row]],
            DateTimeOffset.FromUnixTimeMilliseconds(AtMilliseconds[row]),
            Healthy[row],
            Running[row],
            Queued[row],
            Watts[row] == TelemetryColumns.NoWatts ? null : Watts[row]
        );

    /// <summary>Empties the batch and keeps its memory.</summary>
    public void Clear()
    {
        Count = 0;
        _fleets.Clear();
        _references.Clear();
    }

    /// <summary>The fleet's reference in this batch; it is listed if it was not.</summary>
    public int ReferenceTo(FleetId fleet)
    {
        if (!_references.TryGetValue(fleet, out var reference))
        {
            reference = _fleets.Count;
            _references.Add(fleet, reference);
            _fleets.Add(fleet);
        }
        return reference;
    }

    /// <summary>Appends a sample.</summary>
    public void Add(in Sample sample) =>
        Add(
            ReferenceTo(sample.Fleet),
            sample.At.ToUnixTimeMilliseconds(),
            sample.Healthy,
            sample.Running,
            sample.Queued,
            sample.Watts ?? TelemetryColumns.NoWatts
        );

    /// <summary>Appends a sample of a fleet that the batch lists.</summary>
    /// <param name="fleetReference">As <see cref="ReferenceTo"/> gave it.</param>
    public void Add(
        int fleetReference,
        long atMilliseconds,
        double healthy,
        double running,
        double queued,
        double watts
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fleetReference);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fleetReference, _fleets.Count);
        if (Count == _healthy.Length)
        {
            Grow();
        }
        _fleetReferences[Count] = fleetReference;
        _atMilliseconds[Count] = atMilliseconds;
        _healthy[Count] = healthy;
        _running[Count] = running;
        _queued[Count] = queued;
        _watts[Count] = watts;
        Count++;
    }

    private void Grow()
    {
        var capacity = Math.Max(256, 2 * Count);
        Array.Resize(ref _fleetReferences, capacity);
        Array.Resize(ref _atMilliseconds, capacity);
        Array.Resize(ref _healthy, capacity);
        Array.Resize(ref _running, capacity);
        Array.Resize(ref _queued, capacity);
        Array.Resize(ref _watts, capacity);
    }
}
