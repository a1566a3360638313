namespace Microsoft.DurableTask.Client;

public enum OrchestrationRuntimeStatus
{
    Completed = 1,
    Failed = 3,
    Terminated = 5,
}
