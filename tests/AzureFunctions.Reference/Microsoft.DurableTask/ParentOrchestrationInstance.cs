namespace Microsoft.DurableTask;

public record ParentOrchestrationInstance;
