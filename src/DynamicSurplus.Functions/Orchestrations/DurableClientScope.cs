using Microsoft.DurableTask.Client;

namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>
/// The durable client of the invocation that runs: the platform binds one to a function's parameter, and the engine's
/// adapters, which live as long as the process, find it here.
/// </summary>
public sealed class DurableClientScope
{
    private readonly AsyncLocal<DurableTaskClient?> _client = new();

    /// <summary>Null in an invocation that has none: then the due table alone is written.</summary>
    public DurableTaskClient? Client => _client.Value;

    /// <summary>Until the returned scope is disposed, in this flow of control and what it starts.</summary>
    public IDisposable Enter(DurableTaskClient client)
    {
        _client.Value = client;
        return new Leaving(this);
    }

    private sealed class Leaving(DurableClientScope scope) : IDisposable
    {
        public void Dispose() => scope._client.Value = null;
    }
}
