using Microsoft.DurableTask;

namespace DynamicSurplus.Functions.Orchestrations;

internal static class OrchestrationTime
{
    /// <summary>The time that a replay sees again.</summary>
    public static DateTimeOffset UtcNow(this TaskOrchestrationContext context) =>
        new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));
}
