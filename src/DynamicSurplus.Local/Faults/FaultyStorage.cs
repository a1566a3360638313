using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace DynamicSurplus.Local.Faults;

/// <summary>
/// Connections to tables, blobs and queues on which a share of the requests goes wrong, as a seed decides: what the
/// adapters must bear, and a cloud does to them sooner or later.
/// </summary>
/// <param name="seed">Of the draws; which request meets which draw is the scheduler's affair.</param>
/// <param name="rate">Share of the requests, 0 to 1.</param>
public sealed class FaultyStorage(int seed, double rate) : HttpPipelineTransport
{
    private const int RetryAfterSeconds = 1;

    private static readonly StorageFault[] OfAnyRequest =
    [
        StorageFault.Throttled,
        StorageFault.Failed,
        StorageFault.Busy,
        StorageFault.NotSent,
        StorageFault.TimedOut,
        StorageFault.AnswerLost,
        StorageFault.AnswerLate,
        StorageFault.AnswerFailed,
    ];

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly ConcurrentDictionary<StorageFault, int> _injected = new();
    private double _rate = rate;

    /// <summary>Faults so far, by kind.</summary>
    public IReadOnlyDictionary<StorageFault, int> Injected => _injected;

    /// <summary>From now on everything arrives, and every answer is heard.</summary>
    public void Heal() => Volatile.Write(ref _rate, 0);

    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("Nothing here blocks.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        if (await DrawAsync(message) is not { } fault)
        {
            await HttpClientTransport.Shared.ProcessAsync(message);
            return;
        }
        _injected.AddOrUpdate(fault, 1, static (_, count) => count + 1);
        if (fault is StorageFault.AnswerLost or StorageFault.AnswerLate or StorageFault.AnswerFailed)
        {
            await HttpClientTransport.Shared.ProcessAsync(message);
            message.Response.Dispose();
        }
        await AnswerAsync(message, fault);
    }

    [SuppressMessage("Security", "CA5394", Justification = "Seeded: the same faults every time is the point.")]
    private async ValueTask<StorageFault?> DrawAsync(HttpMessage message)
    {
        double share;
        double which;
        lock (_gate)
        {
            (share, which) = (_random.NextDouble(), _random.NextDouble());
        }
        if (share >= Volatile.Read(ref _rate))
        {
            return null;
        }
        var conflict = (await StorageConflict.OfAsync(message.Request, message.CancellationToken))?.Fault;
        StorageFault[] faults = conflict is { } fault ? [.. OfAnyRequest, fault, fault] : OfAnyRequest;
        return faults[(int)(which * faults.Length)];
    }

    private static async ValueTask AnswerAsync(HttpMessage message, StorageFault fault)
    {
        var id = message.Request.ClientRequestId;
        message.Response = fault switch
        {
            StorageFault.NotSent or StorageFault.AnswerLost => throw new IOException("The connection broke."),
            StorageFault.TimedOut or StorageFault.AnswerLate => throw new TaskCanceledException("No answer in time."),
            StorageFault.Throttled => new FaultResponse(429, id, "text/plain", "").With(
                "Retry-After",
                RetryAfterSeconds.ToString(CultureInfo.InvariantCulture)
            ),
            StorageFault.Busy => new FaultResponse(503, id, "text/plain", ""),
            StorageFault.Failed or StorageFault.AnswerFailed => new FaultResponse(500, id, "text/plain", ""),
            _ => (await StorageConflict.OfAsync(message.Request, message.CancellationToken))!.Answer(id),
        };
    }
}
