using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using DynamicSurplus.Engine;

namespace DynamicSurplus.Tests.Steps;

/// <summary>
/// What the engine's own meter measured on behalf of one test: the meter is the process's, and tests run at once.
/// </summary>
internal sealed class Measured : IDisposable
{
    private static readonly AsyncLocal<Measured?> Current = new();
    private readonly MeterListener _listener = new();

    public Measured()
    {
        Current.Value = this;
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter is { Name: EngineMetrics.MeterName, Scope: null })
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) =>
            {
                if (Current.Value == this)
                {
                    Seen.Enqueue(
                        string.Join(
                            ' ',
                            [
                                instrument.Name,
                                value.ToString(CultureInfo.InvariantCulture),
                                .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"),
                            ]
                        )
                    );
                }
            }
        );
        _listener.Start();
    }

    /// <summary>Name, value and tags, in order.</summary>
    public ConcurrentQueue<string> Seen { get; } = [];

    public void Dispose() => _listener.Dispose();
}
