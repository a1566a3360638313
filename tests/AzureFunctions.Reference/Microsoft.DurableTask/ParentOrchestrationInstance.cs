namespace Microsoft.DurableTask;

public record ParentOrchestrationInstance
{
    internal ParentOrchestrationInstance() { }
}
