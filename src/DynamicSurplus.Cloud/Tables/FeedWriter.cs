using Azure;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>
/// Appends to one tenant's feed, as one process does: events that come while a write is under way wait for it and then
/// go out together, so that a busy tenant's events do not fight each other for the head.
/// </summary>
internal sealed class FeedWriter(GuardedTable table, TenantId tenant)
{
    /// <summary>
    /// Events of a transaction: each takes two of its 100 rows, and at 64 KiB each they stay below 4 MiB as sent.
    /// </summary>
    private const int MostTogether = 40;

    /// <summary>Of a write with all its tries; who appends is told, and may try again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = new();
    private bool _isWriting;

    /// <summary>As it was last seen; null: read it. Only whoever writes looks at it.</summary>
    private Versioned<long>? _head;

    /// <param name="cancellationToken">Ends the waiting; the event may be appended all the same.</param>
    public Task AppendAsync(FeedEvent happened, CancellationToken cancellationToken)
    {
        var mine = new Waiting(happened);
        var begin = false;
        lock (_gate)
        {
            _waiting.Enqueue(mine);
            (begin, _isWriting) = (!_isWriting, true);
        }
        if (begin)
        {
            _ = WriteAllAsync(); // its failures are told to those who wait
        }
        return mine.Done.Task.WaitAsync(cancellationToken);
    }

    private async Task WriteAllAsync()
    {
        while (TakeSome() is { Count: > 0 } some)
        {
            using var time = new CancellationTokenSource(Patience);
            var write = WriteAsync(
                [.. some.Select(one => one.Event).DistinctBy(one => one.Id, StringComparer.Ordinal)],
                time.Token
            );
            await write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!write.IsCompletedSuccessfully)
            {
                _head = null;
            }
            some.ForEach(one => Tell(one.Done, write));
        }
    }

    /// <summary>Nobody who waits has given up: the end of patience is a failure to them.</summary>
    private void Tell(TaskCompletionSource waiting, Task write)
    {
        if (write.IsCanceled)
        {
            waiting.SetException(
                new TimeoutException($"The event feed of {tenant} took nothing for {Patience.TotalSeconds} s.")
            );
            return;
        }
        waiting.SetFromTask(write);
    }

    private List<Waiting> TakeSome()
    {
        var some = new List<Waiting>();
        lock (_gate)
        {
            while (some.Count < MostTogether && _waiting.TryDequeue(out var one))
            {
                some.Add(one);
            }
            _isWriting = some.Count > 0;
        }
        return some;
    }

    private async Task WriteAsync(List<FeedEvent> events, CancellationToken cancellationToken)
    {
        for (var attempt = 1; events.Count > 0; )
        {
            _head ??= await ReadHeadAsync(cancellationToken);
            var answer = await table.SubmitAsync(Changes(events, _head), cancellationToken);
            if (answer.ConflictAt is not { } conflict)
            {
                _head = new(_head.Value + events.Count, answer.LastVersion!);
                return;
            }
            if (conflict < events.Count)
            {
                events.RemoveAt(conflict); // it is in the feed already
                continue;
            }
            _head = null;
            await Contention.AfterAsync(attempt++, $"The event feed of {tenant}", cancellationToken);
        }
    }

    /// <summary>
    /// Ids first, so that a conflict says which event is there; the head last: where an emulator carries changes out
    /// one by one, nobody can build on a head before the events below it are there.
    /// </summary>
    private List<TableTransactionAction> Changes(List<FeedEvent> events, Versioned<long> head)
    {
        var next = FeedRow.WriteHead(tenant, head.Value + events.Count);
        return
        [
            .. events.Select(one => Add(FeedRow.WriteId(tenant, one.Id))),
            .. events.Select((one, index) => Add(FeedRow.WriteEntry(tenant, head.Value + 1 + index, one))),
            head.Version.Length == 0
                ? Add(next)
                : new(TableTransactionActionType.UpdateReplace, next, new ETag(head.Version)),
        ];
    }

    private async Task<Versioned<long>> ReadHeadAsync(CancellationToken cancellationToken)
    {
        if (await table.FindAsync(tenant.ToString(), FeedRow.Head, cancellationToken) is { } row)
        {
            return new(FeedRow.LatestOf(row), row.ETag.ToString());
        }
        // Listed before it begins: a feed that nobody knows of would never be trimmed.
        await table.UpsertAsync(new(FeedRow.Tenants, tenant.ToString()), cancellationToken);
        return new(0, "");
    }

    private static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);

    private sealed record Waiting(FeedEvent Event)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
