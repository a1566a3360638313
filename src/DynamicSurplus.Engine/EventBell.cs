using System.Collections.Concurrent;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine;

/// <summary>
/// Tells readers in this process that a feed has grown, so that they need not look all the time. What other processes
/// append rings no bell here: readers look by themselves now and then.
/// </summary>
public sealed class EventBell
{
    private readonly ConcurrentDictionary<TenantId, TaskCompletionSource> _waiting = new();

    /// <summary>Completes with the tenant's next event. Whoever takes it before reading misses nothing.</summary>
    public Task NextAsync(TenantId tenant) =>
        _waiting.GetOrAdd(tenant, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Ring(TenantId tenant)
    {
        if (_waiting.TryRemove(tenant, out var waiting))
        {
            waiting.SetResult();
        }
    }
}
