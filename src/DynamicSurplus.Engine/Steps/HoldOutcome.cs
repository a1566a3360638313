using DynamicSurplus.Leasing;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What became of a hold.</summary>
public abstract record HoldOutcome
{
    /// <summary>The GPUs are reserved and the lease has answered: held, or refused because its stream is another request's.</summary>
    public sealed record Decided(LeaseOutcome Outcome) : HoldOutcome;

    /// <summary>The slice does not admit it.</summary>
    public sealed record NotAdmitted(AdmissionRefusal Refusal) : HoldOutcome;
}
