using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>
/// A fleet's shortage: the input of a <see cref="ReclaimWave"/>, and the payload of the event that tells a running one
/// of a new shortage. Instances in flight hold it as JSON: members are added with a default, never renamed.
/// </summary>
/// <param name="Fleet">The fleet's id.</param>
/// <param name="Capacity">GPUs that run.</param>
/// <param name="Demand">Internal GPUs running and queued.</param>
/// <param name="Wall">The enforced wall, 1 where none is.</param>
/// <param name="CapacityBefore">GPUs that ran at the tick before.</param>
public sealed record ReclaimOrder(string Fleet, double Capacity, double Demand, double Wall, double CapacityBefore)
{
    /// <summary>Of the event that carries it.</summary>
    public const string Signal = "shortage";

    public static ReclaimOrder Of(FleetId fleet, Shortage shortage) =>
        new(fleet.ToString(), shortage.Capacity, shortage.Demand, shortage.Wall, shortage.CapacityBefore);

    public FleetId ToFleet() => FleetId.Parse(Fleet);

    public Shortage ToShortage() => new(Capacity, Demand, Wall, CapacityBefore);
}
