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
/// <param name="Notice">One of <see cref="NoticeTiers"/>, of a spot lease; null: the fleet's own.</param>
/// <param name="MinGpus">Fewest that a spot lease can go on with; null: it is taken back whole.</param>
/// <param name="SpendCap">The lease ends before it costs more; null: no cap.</param>
/// <param name="AutoRenew">Another term after each, while its rate is within the bound and its fleet has room.</param>
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
    WorkloadClass? WorkloadClass = null,
    TimeSpan? Notice = null,
    int? MinGpus = null,
    MicroUsd? SpendCap = null,
    bool AutoRenew = false
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
        if (Notice is { } notice && (Tier == LeaseTier.Firm || !NoticeTiers.All.Contains(notice)))
        {
            errors.Add(
                Tier == LeaseTier.Firm
                    ? new("noticeSeconds", "a firm lease is not reclaimed", "leave it out, or ask for tier spot")
                    : new("noticeSeconds", $"{notice.TotalSeconds} is no notice tier", $"say {NoticeTiers.Words}")
            );
        }
        if (MinGpus is { } least && (Tier == LeaseTier.Firm || least < 1 || least > Gpus))
        {
            errors.Add(
                Tier == LeaseTier.Firm
                    ? new("minGpus", "a firm lease is not reclaimed", "leave it out, or ask for tier spot")
                    : new("minGpus", $"{least} is outside [1, {Gpus}]", "give at most the GPUs that you ask for")
            );
        }
        if (SpendCap is { } cap && cap <= MicroUsd.Zero)
        {
            errors.Add(new("spendCap", $"{cap} is not above 0", "give USD for the whole lease, or leave it out"));
        }
        return errors;
    }
}
