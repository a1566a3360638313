using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;

namespace DynamicSurplus.Tests.Cloud;

/// <summary>Real connections that break on demand.</summary>
internal sealed class FaultyTransport : HttpPipelineTransport
{
    private readonly ConcurrentQueue<(Func<Request, bool> Hit, bool Arrives)> _faults = new();

    /// <summary>Requests so far, those that were broken too.</summary>
    public int Sent { get; private set; }

    /// <summary>The next request of that kind is carried out, but nobody hears of it.</summary>
    public void LoseAnswer(Func<Request, bool> to) => _faults.Enqueue((to, true));

    /// <summary>Requests of that kind do not arrive, so many times.</summary>
    public void LoseRequest(Func<Request, bool> which, int times)
    {
        for (var time = 0; time < times; time++)
        {
            _faults.Enqueue((which, false));
        }
    }

    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("Nothing here blocks.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        Sent++;
        var fails = _faults.TryPeek(out var fault) && fault.Hit(message.Request) && _faults.TryDequeue(out _);
        if (!fails || fault.Arrives)
        {
            await HttpClientTransport.Shared.ProcessAsync(message);
        }
        if (fails)
        {
            throw new IOException("The connection broke.");
        }
    }
}
