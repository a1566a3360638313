namespace DynamicSurplus.Tests.Scenarios;

/// <summary>One step of a fleet's script: what is asked of which lease, and how long after the step before.</summary>
/// <param name="Lease">Of those of the script, by number.</param>
/// <param name="Size">A few GPUs, a share, a lateness: as the action takes it.</param>
/// <param name="IsRepeat">With the id of the same lease's command before.</param>
internal readonly record struct ScriptStep(
    ScriptAction Action,
    int Lease,
    int Size,
    bool IsRepeat,
    int GapMilliseconds
);
