namespace Microsoft.DurableTask.Client;

public record OrchestrationQuery
{
    internal OrchestrationQuery() { }
}
