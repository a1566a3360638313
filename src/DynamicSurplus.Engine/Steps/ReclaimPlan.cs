using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>Who would yield to an operator, and what it costs, as things stand.</summary>
/// <param name="Gpus">Asked back.</param>
/// <param name="Found">That can be had, at least as many unless the fleet has leased fewer to spot.</param>
/// <param name="Victims">In the order of their ids.</param>
/// <param name="LostRevenue">What the victims would have paid until the ends of their terms.</param>
/// <param name="Credits">What their customers are owed: nothing where the notices go out in time.</param>
/// <param name="Token">Of this very plan: whoever executes with it does exactly this.</param>
public sealed record ReclaimPlan(
    FleetId Fleet,
    int Gpus,
    int Found,
    IReadOnlyList<ReclaimVictim> Victims,
    MicroUsd LostRevenue,
    MicroUsd Credits,
    string Token
);
