namespace DynamicSurplus.Functions.Tests.Durable;

/// <summary>What goes wrong on a hub, by chance.</summary>
/// <param name="Seed">The same seed, the same accidents.</param>
/// <param name="EarlyTimers">Timers fire up to a second before their time, as the platform's do.</param>
/// <param name="FailedTries">Share of tries whose worker dies, half of them after the work is done.</param>
/// <param name="DoubledEvents">Share of events that are delivered twice.</param>
/// <param name="LostEvents">Share of events that are never delivered.</param>
/// <param name="LongestDelay">Of an event's or an activity's way.</param>
internal sealed record HubChaos(
    int Seed,
    bool EarlyTimers = false,
    double FailedTries = 0,
    double DoubledEvents = 0,
    double LostEvents = 0,
    TimeSpan LongestDelay = default
);
