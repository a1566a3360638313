using Microsoft.DurableTask;

namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>How activities are tried again. They are idempotent, so a repeat is never wrong, only late.</summary>
internal static class RetryPolicies
{
    /// <summary>
    /// For activities that read and write storage, and may call an owner's controller: after 1, 2, 4, 8, 16 s, six
    /// tries in half a minute. Shorter than a notice's 120 s, longer than a worker takes to start again, which counts
    /// as a failed try, or a storage partition to move.
    /// </summary>
    public static TaskOptions Storage { get; } =
        TaskOptions.FromRetryPolicy(
            new RetryPolicy(
                maxNumberOfAttempts: 6,
                firstRetryInterval: TimeSpan.FromSeconds(1),
                backoffCoefficient: 2,
                maxRetryInterval: TimeSpan.FromSeconds(30)
            )
        );

    /// <summary>Before an orchestration goes on after all tries of a policy have failed: a minute.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);
}
