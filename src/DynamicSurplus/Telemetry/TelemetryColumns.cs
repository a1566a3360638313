using DynamicSurplus.Measures;

namespace DynamicSurplus.Telemetry;

/// <summary>
/// The newest sample of every fleet of a shard: one array per quantity, indexed alike. Folding is a maximum over a
/// total order of samples, so any order of any batches, with any repeats, ends in the same state, bit for bit.
/// </summary>
/// <remarks>
/// Order: later time (whole milliseconds); then larger demand (running + queued), larger running, larger queued, fewer
/// healthy, more watts. Of two accounts of one instant the one that leaves less to sell is believed.
/// </remarks>
public sealed class TelemetryColumns
{
    /// <summary>Time of a fleet that has sent nothing yet; samples of that age are refused at the door.</summary>
    public const long NoSample = 0;

    /// <summary>Watts of a sample that states none.</summary>
    public const double NoWatts = 0;

    private long[] _atMilliseconds = [];
    private double[] _healthy = [];
    private double[] _running = [];
    private double[] _queued = [];
    private double[] _watts = [];

    /// <summary>Fleets that have a row, from index 0.</summary>
    public int Count { get; private set; }

    /// <summary>Unix milliseconds of the newest sample; <see cref="NoSample"/> before the first.</summary>
    public Span<long> AtMilliseconds => _atMilliseconds.AsSpan(0, Count);

    /// <summary>GPUs that answer.</summary>
    public Span<double> Healthy => _healthy.AsSpan(0, Count);

    /// <summary>GPUs in use, as reported.</summary>
    public Span<double> Running => _running.AsSpan(0, Count);

    /// <summary>GPUs that waiting jobs ask for.</summary>
    public Span<double> Queued => _queued.AsSpan(0, Count);

    /// <summary>Watts per running GPU; <see cref="NoWatts"/> where the sample states none.</summary>
    public Span<double> Watts => _watts.AsSpan(0, Count);

    /// <summary>Sets the number of fleets. New rows have no sample; rows past the end are forgotten.</summary>
    public void Resize(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > _healthy.Length)
        {
            var capacity = Math.Max(count, (int)Math.Min(Array.MaxLength, 2L * _healthy.Length));
            Array.Resize(ref _atMilliseconds, capacity);
            Array.Resize(ref _healthy, capacity);
            Array.Resize(ref _running, capacity);
            Array.Resize(ref _queued, capacity);
            Array.Resize(ref _watts, capacity);
        }
        for (var fleet = count; fleet < Count; fleet++)
        {
            Clear(fleet);
        }
        Count = count;
    }

    /// <summary>The columns in their stored order: add at the end only.</summary>
    public void Accept(IColumnVisitor visitor)
    {
        _atMilliseconds = visitor.Visit(_atMilliseconds);
        _healthy = visitor.Visit(_healthy);
        _running = visitor.Visit(_running);
        _queued = visitor.Visit(_queued);
        _watts = visitor.Visit(_watts);
    }

    /// <summary>Forgets what a fleet sent, as if it had sent nothing.</summary>
    public void Clear(int fleetIndex)
    {
        AtMilliseconds[fleetIndex] = NoSample;
        Healthy[fleetIndex] = 0;
        Running[fleetIndex] = 0;
        Queued[fleetIndex] = 0;
        Watts[fleetIndex] = NoWatts;
    }

    /// <summary>Takes the sample if it ranks above what the fleet has.</summary>
    /// <param name="sample">One that <see cref="SampleRules"/> lets pass; its fleet is not looked at.</param>
    /// <returns>Whether the state changed.</returns>
    public bool Fold(int fleetIndex, in Sample sample) =>
        Fold(
            fleetIndex,
            sample.At.ToUnixTimeMilliseconds(),
            sample.Healthy,
            sample.Running,
            sample.Queued,
            sample.Watts ?? NoWatts
        );

    /// <summary>Folds a batch.</summary>
    /// <param name="fleetIndices">
    /// Of each of the batch's fleets; below 0: not priced here, its samples are passed over.
    /// </param>
    /// <returns>How many samples changed the state.</returns>
    public int Fold(SampleColumns batch, ReadOnlySpan<int> fleetIndices)
    {
        var changed = 0;
        for (var row = 0; row < batch.Count; row++)
        {
            var fleet = fleetIndices[batch.FleetReferences[row]];
            if (
                fleet >= 0
                && Fold(
                    fleet,
                    batch.AtMilliseconds[row],
                    batch.Healthy[row],
                    batch.Running[row],
                    batch.Queued[row],
                    batch.Watts[row]
                )
            )
            {
                changed++;
            }
        }
        return changed;
    }

    private bool Fold(int fleet, long at, double healthy, double running, double queued, double watts)
    {
        if (at < AtMilliseconds[fleet] || (at == AtMilliseconds[fleet] && !Outranks()))
        {
            return false;
        }
        // Adding 0 turns -0 into 0: equal values must be equal bits, or the order of a batch would show in the state.
        AtMilliseconds[fleet] = at;
        Healthy[fleet] = healthy + 0.0;
        Running[fleet] = running + 0.0;
        Queued[fleet] = queued + 0.0;
        Watts[fleet] = watts;
        return true;

        bool Outranks()
        {
            var order = (running + queued).CompareTo(Running[fleet] + Queued[fleet]);
            order = order != 0 ? order : running.CompareTo(Running[fleet]);
            order = order != 0 ? order : queued.CompareTo(Queued[fleet]);
            order = order != 0 ? order : Healthy[fleet].CompareTo(healthy);
            order = order != 0 ? order : watts.CompareTo(Watts[fleet]);
            return order > 0;
        }
    }
}
