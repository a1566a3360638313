using DynamicSurplus.Api.Wire;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Requests;

/// <summary>Reads what a customer asks for.</summary>
internal static class LeaseRequestReader
{
    /// <exception cref="Problems.ProblemException">
    /// Names every field that is wrong, and how to put it right.
    /// </exception>
    public static LeaseRequest Read(TenantId tenant, QuoteRequestDocument document)
    {
        var errors = new FieldErrors();
        if (document.Gpus is null)
        {
            errors.Add("gpus", "is missing", "say how many GPUs of one fleet, at least 1");
        }
        if (document.TermSeconds is null)
        {
            errors.Add("termSeconds", "is missing", "say for how many seconds, such as 3600");
        }
        if (
            document with
            {
                Tier = null,
                Gpus = null,
                TermSeconds = null,
                MaxRate = null,
                NoticeSeconds = null,
                MinGpus = null,
                SpendCap = null,
                AutoRenew = null,
            } == new QuoteRequestDocument()
        )
        {
            errors.Add(
                "fleet",
                "is missing, and nothing else says which GPUs",
                "name a fleet, or at least a sku, region, residency, interconnect, orchestration or workloadClass"
            );
        }
        var gpus = errors.Whole("gpus", document.Gpus);
        var seconds = errors.Whole("termSeconds", document.TermSeconds);
        var maxRate = errors.RateOf("maxRate", document.MaxRate);
        var notice = errors.Whole("noticeSeconds", document.NoticeSeconds);
        var minGpus = errors.Whole("minGpus", document.MinGpus);
        var cap = errors.AmountOf("spendCap", document.SpendCap);
        var fleet = errors.FleetOf("fleet", document.Fleet);
        var sku = errors.Label("sku", document.Sku);
        var region = errors.Label("region", document.Region);
        var residency = errors.Label("residency", document.Residency);
        var interconnect = errors.Label("interconnect", document.Interconnect);
        var orchestration = errors.Label("orchestration", document.Orchestration);
        errors.ThrowIfAny();
        var request = new LeaseRequest(
            tenant,
            document.Tier ?? LeaseTier.Spot,
            gpus!.Value,
            TimeSpan.FromSeconds(seconds!.Value),
            maxRate,
            fleet,
            sku,
            region,
            residency,
            interconnect,
            orchestration,
            document.WorkloadClass,
            notice is { } promised ? TimeSpan.FromSeconds(promised) : null,
            minGpus,
            cap,
            document.AutoRenew == true
        );
        errors.AddRange(request.Validate());
        errors.ThrowIfAny();
        return request;
    }
}
