namespace DynamicSurplus.Functions.Tests.Durable;

/// <summary>What came back to an orchestrator, in the order of its coming.</summary>
/// <param name="At">When: the time that the orchestrator sees from then on.</param>
/// <param name="Task">Place of the answered item in the history; −1: an event from outside.</param>
/// <param name="Name">Of the event.</param>
/// <param name="Json">The result, or the event's payload.</param>
/// <param name="Failure">Null where the task succeeded.</param>
internal sealed record Happening(DateTimeOffset At, int Task, string Name, string Json, Exception? Failure = null);
