namespace DynamicSurplus.Settlement;

/// <summary>What an account of the owner's ledger counts.</summary>
public enum LedgerAccountKind
{
    /// <summary>What a customer owes; by tenant.</summary>
    CustomerReceivable,

    /// <summary>What a fleet earned by leases; by fleet.</summary>
    FleetRevenue,

    /// <summary>What was given back of it; by fleet.</summary>
    FleetCredits,

    /// <summary>What a team owes for demand past the wall of its fleets; by team.</summary>
    TeamDisplaced,

    /// <summary>What a fleet recovered by that; by fleet.</summary>
    FleetDisplaced,
}
