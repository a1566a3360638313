namespace DynamicSurplus.Functions.Tests.Durable;

/// <summary>What an orchestrator asked for, in the order of its asking.</summary>
/// <param name="Kind">An activity or a timer.</param>
/// <param name="Name">Of the task; of a timer its instant.</param>
/// <param name="Input">As JSON.</param>
internal sealed record HistoryItem(TaskKind Kind, string Name, string Input)
{
    public override string ToString() => $"{Kind} {Name}({Input})";
}
