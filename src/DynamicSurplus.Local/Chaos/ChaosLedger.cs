using System.Collections.Concurrent;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Chaos;

/// <summary>All that was promised to anybody, and every promise that was broken.</summary>
internal sealed class ChaosLedger
{
    private readonly ConcurrentDictionary<LeaseId, ChaosPromise> _promises = new();
    private readonly ConcurrentDictionary<LeaseId, string> _asked = new();
    private readonly ConcurrentQueue<string> _violations = new();

    public ICollection<ChaosPromise> Promises => _promises.Values;

    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>A request that may make a lease is about to be sent.</summary>
    public void Ask(string tenant, string key) => _asked[LeaseId.For(TenantId.Parse(tenant), key)] = key;

    public bool WasAsked(LeaseId lease) => _asked.ContainsKey(lease);

    public void Promise(ChaosPromise promise)
    {
        if (!_promises.TryAdd(promise.Id, promise))
        {
            Violate($"lease {promise.Id}: two requests were answered with it");
        }
        if (!WasAsked(promise.Id))
        {
            Violate($"lease {promise.Id}: it is not the one that key {promise.Key} makes");
        }
    }

    /// <param name="what">Null: all is well.</param>
    public void Violate(ChaosPromise promise, string? what)
    {
        if (what is not null)
        {
            Violate($"lease {promise.Id} of {promise.Tenant}: {what}");
        }
    }

    public void Violate(string what) => _violations.Enqueue(what);
}
