using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>What a source of telemetry said of a fleet.</summary>
public abstract record TelemetryReading
{
    /// <summary>Finite numbers; whether they make sense is asked later.</summary>
    public sealed record Values(double Healthy, double Running, double Queued, double? Watts) : TelemetryReading;

    /// <summary>Not everything that makes a sample.</summary>
    /// <param name="Reason">Names the first value that is missing.</param>
    /// <param name="IsServerSilent">
    /// The server cannot be reached or does not answer in time: perhaps none of its fleets can be read.
    /// </param>
    public sealed record Nothing(FieldError Reason, bool IsServerSilent = false) : TelemetryReading;
}
