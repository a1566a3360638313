namespace Microsoft.DurableTask;

public sealed class TaskRetryOptions
{
    internal TaskRetryOptions(RetryPolicy policy) => Policy = policy;

    public RetryPolicy? Policy { get; }
}
