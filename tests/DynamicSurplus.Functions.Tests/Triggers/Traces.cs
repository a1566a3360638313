using System.Collections.Concurrent;
using System.Diagnostics;

namespace DynamicSurplus.Functions.Tests.Triggers;

/// <summary>Listens to the app's own activities that belong to a trace, for as long as it lives.</summary>
internal sealed class Traces : IDisposable
{
    private readonly ConcurrentQueue<Activity> _all = new();
    private readonly ActivityListener _listener;

    public Traces()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "DynamicSurplus.Functions",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _all.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IEnumerable<Activity> All => _all;

    public void Dispose() => _listener.Dispose();
}
