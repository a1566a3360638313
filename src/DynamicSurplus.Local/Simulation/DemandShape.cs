namespace DynamicSurplus.Local.Simulation;

/// <summary>What a fleet's synthetic internal demand looks like.</summary>
/// <param name="Healthy">GPUs that answer, whole, 1 or more.</param>
/// <param name="MeanShare">Mean demand over healthy, (0, 2]. Default 0.62: what research clusters show.</param>
/// <param name="DaySwing">Amplitude of the arrivals' day, share of their mean, [0, 1]. Default 0.35.</param>
/// <param name="PeakHourUtc">When most jobs arrive, [0, 24).</param>
/// <param name="MeanJobMinutes">Mean run of a job, 1 to 1,440. Default 120.</param>
/// <param name="WallEnforced">The owner's scheduler keeps to its quota: capacity − leased − held.</param>
public sealed record DemandShape(
    int Healthy,
    double MeanShare = 0.62,
    double DaySwing = 0.35,
    double PeakHourUtc = 14,
    double MeanJobMinutes = 120,
    bool WallEnforced = false
);
