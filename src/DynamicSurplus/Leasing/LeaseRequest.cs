using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>
/// What a customer asks for: GPUs of one fleet, named or described. Labels match whatever their case.
/// </summary>
/// <param name="Term">Whole seconds; each fleet has its limits.</param>
/// <param name="MaxRate">The customer's own bound, per GPU-hour, of the tier that is asked for; null: none.</param>
/// <param name="Fleet">Null: any fleet that meets the rest.</param>
/// <param name="WorkloadClass">Null: the named fleet's own; model work where no fleet is named.</param>
public sealed record LeaseRequest(
    TenantId Tenant,
    LeaseTier Tier,
    int Gpus,
    TimeSpan Term,
    Rate? MaxRate = null,
    FleetId? Fleet = null,
    string? Sku = null,
    string? Region = null,
    string? Residency = null,
    string? Interconnect = null,
    string? Orchestration = null,
    WorkloadClass? WorkloadClass = null
)
{
    /// <summary>
    /// Everything that is wrong with the request whatever fleets there are, each by its field's name in the API.
    /// </summary>
    public IReadOnlyList<FieldError> Validate()
    {
        var errors = new List<FieldError>();
        if (!Enum.IsDefined(Tier))
        {
            errors.Add(new("tier", "it is no tier", "say spot or firm"));
        }
        if (Gpus is < 1 or > LeaseTerms.MaxGpus)
        {
            errors.Add(
                new("gpus", $"{Gpus} is outside [1, {LeaseTerms.MaxGpus}]", "give whole GPUs of one fleet, at least 1")
            );
        }
        if (Term <= TimeSpan.Zero || Term.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            errors.Add(new("termSeconds", $"{Term.TotalSeconds} is no term", "give whole seconds above 0"));
        }
        if (MaxRate is { Steps: < 1 })
        {
            errors.Add(
                new("maxRate", $"{MaxRate} is not above 0", "give at least 0.0001 USD per GPU-hour, or leave it out")
            );
        }
        if (WorkloadClass is { } workload && !Enum.IsDefined(workload))
        {
            errors.Add(new("workloadClass", "it is no workload class", "say model or build"));
        }
        return errors;
    }
}
