using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Local.Demo;

/// <summary>
/// The demo fleets' schedulers: each tick they report, through the telemetry queue, what their GPUs do.
/// </summary>
internal sealed class DemoFeeder(
    IReadOnlyDictionary<FleetId, SyntheticDemand> demands,
    ITelemetryQueue queue,
    ICapacityBooks books,
    EngineClock clock,
    EngineOptions options,
    TimeProvider time
)
{
    private readonly Lock _gate = new();

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var tick = clock.Tick;
            await SendAsync(tick, cancellationToken);
            // In the middle of the tick: what is sent is there when the next one is priced.
            var wait = tick.Plus(1, options.TickLength).Start + (options.TickLength.Span / 2) - clock.UtcNow;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, cancellationToken);
        }
    }

    /// <summary>The owner's own spike: a fleet's demand rises to that many GPUs for a while.</summary>
    public void Spike(FleetId fleet, double gpus, int ticks)
    {
        lock (_gate)
        {
            demands[fleet].Spike(gpus, clock.Tick.Plus(ticks, options.TickLength));
        }
    }

    private async Task SendAsync(Tick tick, CancellationToken cancellationToken)
    {
        var sold = await Task.WhenAll(demands.Keys.Select(fleet => books.ReadAsync(fleet, cancellationToken)));
        var samples = new List<Sample>();
        lock (_gate)
        {
            foreach (var (book, _) in sold)
            {
                var sample = demands[book.Fleet].At(tick, book.Leased, book.HeldFirm + book.HeldSpot);
                samples.Add(sample with { At = clock.UtcNow });
            }
        }
        foreach (var body in TelemetryJson.Write(samples, options.ShardCount))
        {
            await queue.SendAsync(body, cancellationToken);
        }
    }
}
