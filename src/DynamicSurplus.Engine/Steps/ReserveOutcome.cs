using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What became of a reservation.</summary>
public abstract record ReserveOutcome
{
    /// <summary>The GPUs are the lease's, now or since an earlier try.</summary>
    public sealed record Reserved : ReserveOutcome;

    /// <summary>They were the lease's once and went back: the request is too old to be tried again.</summary>
    public sealed record Spent : ReserveOutcome;

    /// <summary>The slice has no room.</summary>
    public sealed record NotAdmitted(AdmissionRefusal Refusal) : ReserveOutcome;

    /// <summary>The tenant's live quotes hold as much as they may.</summary>
    public sealed record OverLimit(HoldRefusal Refusal) : ReserveOutcome;
}
