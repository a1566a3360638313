using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What became of an operator's write.</summary>
public abstract record FleetChange
{
    public sealed record Created(Versioned<Fleet> Fleet) : FleetChange;

    public sealed record Replaced(Versioned<Fleet> Fleet) : FleetChange;

    /// <summary>It was so already.</summary>
    public sealed record Unchanged(Versioned<Fleet> Fleet) : FleetChange;

    /// <summary>It sells nothing more, and goes when its last lease has ended.</summary>
    public sealed record Draining(Versioned<Fleet> Fleet) : FleetChange;

    public sealed record Deleted : FleetChange;

    /// <summary>Nothing was written: there is no such fleet.</summary>
    public sealed record NotFound : FleetChange;

    /// <summary>
    /// Nothing was written: the precondition is not met. The fleet as it is; null: it does not exist.
    /// </summary>
    public sealed record Stale(Versioned<Fleet>? Fleet) : FleetChange;

    /// <summary>
    /// Nothing was written: the fleet exists, is another, and the writer did not say which version it had seen.
    /// </summary>
    public sealed record VersionNeeded(Versioned<Fleet> Fleet) : FleetChange;

    /// <summary>Nothing was written: the fleet is being deleted.</summary>
    public sealed record RefusedWhileDraining(Versioned<Fleet> Fleet) : FleetChange;
}
