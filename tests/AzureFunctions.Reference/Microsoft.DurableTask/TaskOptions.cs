namespace Microsoft.DurableTask;

public record TaskOptions
{
    private TaskOptions(TaskRetryOptions retry) => Retry = retry;

    public TaskRetryOptions? Retry { get; init; }

    public static TaskOptions FromRetryPolicy(RetryPolicy policy) => new(new TaskRetryOptions(policy));
}
