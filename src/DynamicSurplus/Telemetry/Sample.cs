using DynamicSurplus.Measures;

namespace DynamicSurplus.Telemetry;

/// <summary>What a fleet's scheduler saw at one instant. GPUs may be fractions (a shared GPU).</summary>
/// <param name="At">UTC, whole milliseconds.</param>
/// <param name="Healthy">GPUs that answer, 0 to 10,000,000.</param>
/// <param name="Running">
/// Internal GPUs in use, 0 to 10 × healthy; leased ones too where the fleet says its source cannot tell.
/// </param>
/// <param name="Queued">GPUs that waiting internal jobs ask for, 0 to 10,000,000.</param>
/// <param name="Watts">What one running GPU draws, above 0; null: as the fleet states it.</param>
public readonly record struct Sample(
    FleetId Fleet,
    DateTimeOffset At,
    double Healthy,
    double Running,
    double Queued,
    double? Watts = null
);
