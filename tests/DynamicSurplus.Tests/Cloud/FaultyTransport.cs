using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;
using DynamicSurplus.Local.Faults;

namespace DynamicSurplus.Tests.Cloud;

/// <summary>Real connections that break on demand.</summary>
internal sealed class FaultyTransport : HttpPipelineTransport
{
    private readonly ConcurrentQueue<(Func<Request, bool> Hit, bool Arrives)> _faults = new();

    private Func<Request, bool> _refused = _ => false;

    /// <summary>Requests that were told of a conflict that there is not.</summary>
    public int Refused { get; private set; }

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

    /// <summary>From now on every request of that kind is told of the conflict that it might meet.</summary>
    public void Refuse(Func<Request, bool> which) => _refused = which;

    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("Nothing here blocks.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        Sent++;
        if (_refused(message.Request))
        {
            Refused++;
            var conflict = await StorageConflict.OfAsync(message.Request, message.CancellationToken);
            message.Response = conflict!.Answer(message.Request.ClientRequestId);
            return;
        }
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
