using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Api.Fleets;

/// <summary>An operator takes GPUs of a fleet back.</summary>
public sealed class ReclaimEndpoints(PlanReclaim reclaim, FleetCatalog fleets)
{
    /// <summary>
    /// With <c>dryRun=true</c> the plan; else the plan whose token is sent, or 409 where it is another now.
    /// </summary>
    public async Task<ApiAnswer> PostAsync(ApiCall call)
    {
        var isDryRun = Query.Flag(call.Http.Request, "dryRun") ?? false;
        var document = RequestJson.Read(call.Body, ApiJson.Shared.ReclaimOrderDocument);
        var errors = new FieldErrors();
        var gpus = errors.Whole("gpus", document.Gpus) ?? 0;
        if (gpus is < 1 or > LeaseTerms.MaxGpus)
        {
            errors.Add("gpus", "is missing or out of range", $"say how many to take back, 1 to {LeaseTerms.MaxGpus}");
        }
        if (isDryRun != (document.PlanToken is null))
        {
            errors.Add(
                "planToken",
                isDryRun ? "is of no use in a dry run" : "is missing",
                isDryRun ? "leave it out" : "ask with dryRun=true first, and send the token of the plan that you saw"
            );
        }
        errors.ThrowIfAny();
        if (await fleets.FindAsync(call.RequireFleet(), call.CancellationToken) is not { } fleet)
        {
            return ProblemDocument.Answer(
                new(ProblemKinds.FleetNotFound, $"No fleet is registered as '{call.RequireFleet()}'.")
            );
        }
        if (isDryRun)
        {
            return Answer(await reclaim.PlanAsync(fleet, gpus, call.CancellationToken), inNotice: null);
        }
        var done = await reclaim.ExecuteAsync(fleet, gpus, document.PlanToken!, call.CancellationToken);
        return done is var (plan, inNotice)
            ? Answer(plan, inNotice)
            : ProblemDocument.Answer(
                Problem.With(
                    ProblemKinds.StalePlan,
                    "planToken",
                    "is of a plan that does not hold any more: the fleet's leases have changed",
                    "ask with dryRun=true again, and decide on what it says"
                )
            );
    }

    private static ApiAnswer Answer(ReclaimPlan plan, int? inNotice) =>
        ApiAnswer.Of(200, ReclaimPlanDocument.Of(plan, inNotice), ApiJson.Shared.ReclaimPlanDocument);
}
