using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryRefusals : IRefusals
{
    private const int Kept = 100;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _fleets = new(StringComparer.Ordinal);

    public Task AddAsync(IReadOnlyList<SampleRefusal> refusals, DateTimeOffset at, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var refusal in refusals)
            {
                if (!_fleets.TryGetValue(refusal.Fleet, out var entry))
                {
                    entry = new();
                    _fleets.Add(refusal.Fleet, entry);
                }
                entry.Add(at, refusal);
            }
        }
        return Task.CompletedTask;
    }

    public Task<RefusalSummary> ReadAsync(string fleet, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(
                _fleets.TryGetValue(fleet, out var entry)
                    ? new RefusalSummary(entry.Count, [.. entry.Latest.Select(static one => one.Refusal).Reverse()])
                    : new RefusalSummary(0, [])
            );
        }
    }

    private sealed class Entry
    {
        public long Count { get; private set; }

        /// <summary>Oldest first.</summary>
        public List<(DateTimeOffset At, SampleRefusal Refusal)> Latest { get; } = [];

        public void Add(DateTimeOffset at, SampleRefusal refusal)
        {
            Count++;
            var place = Latest.Count;
            while (place > 0 && Latest[place - 1].At > at)
            {
                place--; // a batch that was handled late
            }
            Latest.Insert(place, (at, refusal));
            if (Latest.Count > Kept)
            {
                Latest.RemoveAt(0);
            }
        }
    }
}
