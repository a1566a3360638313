using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Wire;

/// <summary>Which leases yield, and what that costs.</summary>
/// <param name="DryRun">Nothing was done.</param>
/// <param name="FoundGpus">Fewer than asked for where the fleet has leased no more to spot.</param>
/// <param name="LostRevenue">Of all of them.</param>
/// <param name="Credits">Owed to their customers: nothing where the notices go out in time.</param>
/// <param name="PlanToken">Executing with it does exactly this, or nothing.</param>
/// <param name="InNotice">Leases that are in notice now; null in a dry run.</param>
public sealed record ReclaimPlanDocument(
    string Fleet,
    bool DryRun,
    int Gpus,
    int FoundGpus,
    IReadOnlyList<ReclaimVictimDocument> Leases,
    Money LostRevenue,
    Money Credits,
    string PlanToken,
    int? InNotice
)
{
    public static ReclaimPlanDocument Of(ReclaimPlan plan, int? inNotice) =>
        new(
            plan.Fleet.ToString(),
            inNotice is null,
            plan.Gpus,
            plan.Found,
            [
                .. plan.Victims.Select(victim => new ReclaimVictimDocument(
                    victim.Lease.ToString(),
                    victim.Tenant.ToString(),
                    victim.Gpus,
                    victim.LeasedGpus,
                    (long)victim.Notice.TotalSeconds,
                    victim.Deadline,
                    Money.Total(new MicroUsd((long)Math.Round(victim.LossUsd * 1e6))),
                    Money.Total(victim.LostRevenue)
                )),
            ],
            Money.Total(plan.LostRevenue),
            Money.Total(plan.Credits),
            plan.Token,
            inNotice
        );
}
