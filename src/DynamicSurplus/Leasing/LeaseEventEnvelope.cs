using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>An event with what makes its stream evidence.</summary>
/// <param name="Version">Position in the lease's stream, from 1.</param>
/// <param name="SchemaVersion">Of the event's shape; 1.</param>
/// <param name="CommandId">The command that caused it.</param>
/// <param name="CausingTick">The latest priced tick when the command was made.</param>
/// <param name="PreviousHash">
/// SHA-256 of the previous event as stored, 64 hex digits; 64 zeros before the first.
/// </param>
public sealed record LeaseEventEnvelope(
    LeaseId Lease,
    long Version,
    int SchemaVersion,
    CommandId CommandId,
    Tick CausingTick,
    string PreviousHash,
    LeaseEvent Event
)
{
    public const int CurrentSchemaVersion = 1;

    public static readonly string NoHash = new('0', 64);
}
