using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// The fleets as this process knows them: a copy of the directory, at most one interval behind it. Reads take no lock
/// and touch no storage.
/// </summary>
/// <param name="wallClock">Real time, whatever speed the host's own clock has: the interval spares the storage.</param>
/// <param name="interval">
/// Least wall time between two looks at the directory: <see cref="DefaultInterval"/>, say.
/// </param>
public sealed class FleetCatalog(
    IFleetDirectory directory,
    EngineOptions options,
    TimeProvider wallClock,
    TimeSpan interval
) : IDisposable
{
    /// <summary>
    /// 1 s: a fleet is known long before its first tick, and a quiet installation asks once a second and shard.
    /// </summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1);
    private volatile View _view = new(FleetSnapshot.Empty(options.ShardCount), null, null);

    /// <summary>The latest copy, however old; empty before the first <see cref="GetAsync"/>.</summary>
    public FleetSnapshot Current => _view.Fleets;

    /// <summary>A copy at most one interval old.</summary>
    public ValueTask<FleetSnapshot> GetAsync(CancellationToken cancellationToken)
    {
        var view = _view;
        return IsRecent(view.Refreshed) ? new(view.Fleets) : new(RefreshAsync(unknown: false, cancellationToken));
    }

    /// <summary>
    /// For a caller that <see cref="GetAsync"/> left with an unknown fleet: looks again, but once per interval at most.
    /// </summary>
    /// <returns>The copy that is known then; the same one as before if nothing has changed.</returns>
    public ValueTask<FleetSnapshot> GetForUnknownAsync(CancellationToken cancellationToken)
    {
        var view = _view;
        return IsRecent(view.RefreshedForUnknown)
            ? new(view.Fleets)
            : new(RefreshAsync(unknown: true, cancellationToken));
    }

    /// <summary>The fleet, looked for once more where the copy does not know it.</summary>
    public async ValueTask<Fleet?> FindAsync(FleetId id, CancellationToken cancellationToken)
    {
        var known = (await GetAsync(cancellationToken)).Find(id);
        return (known ?? (await GetForUnknownAsync(cancellationToken)).Find(id))?.Value;
    }

    /// <summary>
    /// For whoever has just written to the directory here: the next read looks, however recent the copy is.
    /// </summary>
    public void Outdate() => _view = _view with { Refreshed = null, RefreshedForUnknown = null };

    public void Dispose() => _gate.Dispose();

    private async Task<FleetSnapshot> RefreshAsync(bool unknown, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Whoever waited at the gate finds that the one before did the work.
            if (IsRecent(unknown ? _view.RefreshedForUnknown : _view.Refreshed))
            {
                return _view.Fleets;
            }
            var now = wallClock.GetTimestamp();
            var fleets = await _view.Fleets.RefreshAsync(directory, cancellationToken);
            _view = new(fleets, now, unknown ? now : _view.RefreshedForUnknown);
            return fleets;
        }
        finally
        {
            _gate.Release();
        }
    }

    private bool IsRecent(long? timestamp) => timestamp is { } then && wallClock.GetElapsedTime(then) < interval;

    private sealed record View(FleetSnapshot Fleets, long? Refreshed, long? RefreshedForUnknown);
}
