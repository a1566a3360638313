using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What became of a command.</summary>
/// <param name="Refusal">Null where it was obeyed, or had been before.</param>
public sealed record LeaseOutcome(LeaseState State, LeaseRefusal? Refusal)
{
    public Lease Lease => State.Lease;
}
