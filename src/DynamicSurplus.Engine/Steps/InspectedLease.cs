using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>A lease as it was when it was inspected.</summary>
/// <param name="Fleet">Whose reservation was looked at.</param>
/// <param name="Found">The reservation as stored; null: no row.</param>
/// <param name="Right">The reservation as it should be; null: no row.</param>
public sealed record InspectedLease(
    FleetId Fleet,
    LeaseState State,
    Reservation? Found,
    Reservation? Right,
    Discrepancy Wrong
);
