namespace Microsoft.DurableTask.Client;

public sealed class OrchestrationMetadata
{
    internal OrchestrationMetadata() { }
}
