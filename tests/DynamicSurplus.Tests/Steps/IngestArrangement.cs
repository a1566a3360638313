using System.Diagnostics.Metrics;
using System.Text;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Telemetry;
using DynamicSurplus.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

/// <summary>Ingest on the in-memory adapters, at noon.</summary>
internal sealed class IngestArrangement : IDisposable
{
    public static readonly EngineOptions Options = new() { ShardCount = 3 };
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public IngestArrangement()
    {
        Catalog = new(Directory, Options, Clock, FleetCatalog.DefaultInterval);
        Meters = _services.GetRequiredService<IMeterFactory>();
        Store = new(Inbox, Refusals, Clock, Meters);
        Ingest = new(Catalog, Store, Clock, Options);
    }

    public FakeTimeProvider Clock { get; } = new(SampleGen.Noon);

    public WatchedDirectory Directory { get; } = new(Options.ShardCount);

    public FailingInbox Inbox { get; } = new();

    public InMemoryRefusals Refusals { get; } = new();

    public IMeterFactory Meters { get; }

    public FleetCatalog Catalog { get; }

    public StoreSamples Store { get; }

    public IngestTelemetry Ingest { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Task<IngestResult> RunAsync(string body) => Ingest.RunAsync(Encoding.UTF8.GetBytes(body), Cancel);

    /// <summary>All that the inboxes hold, by shard.</summary>
    public async Task<IReadOnlyList<(int Shard, Sample Sample)>> InboxedAsync()
    {
        var all = new List<(int, Sample)>();
        for (var shard = 0; shard < Options.ShardCount; shard++)
        {
            foreach (var entry in await Inbox.ListAsync(shard, 1_000, Cancel))
            {
                var batch = new SampleColumns();
                InboxCodec.Decode((await Inbox.ReadAsync(shard, entry, Cancel))!.Value.Span, batch);
                for (var row = 0; row < batch.Count; row++)
                {
                    all.Add((shard, batch[row]));
                }
            }
        }
        return all;
    }

    public void Dispose()
    {
        Catalog.Dispose();
        _services.Dispose();
    }

    /// <summary>The in-memory inbox, out of order on demand.</summary>
    internal sealed class FailingInbox : ITelemetryInbox
    {
        private readonly InMemoryTelemetryInbox _inner = new();

        public bool IsDown { get; set; }

        public Task AddAsync(int shard, ReadOnlyMemory<byte> batch, CancellationToken cancellationToken) =>
            IsDown ? throw new IOException("The inbox is down.") : _inner.AddAsync(shard, batch, cancellationToken);

        public Task<IReadOnlyList<string>> ListAsync(int shard, int most, CancellationToken cancellationToken) =>
            _inner.ListAsync(shard, most, cancellationToken);

        public Task<ReadOnlyMemory<byte>?> ReadAsync(int shard, string entry, CancellationToken cancellationToken) =>
            _inner.ReadAsync(shard, entry, cancellationToken);

        public Task DeleteAsync(int shard, IReadOnlyList<string> entries, CancellationToken cancellationToken) =>
            _inner.DeleteAsync(shard, entries, cancellationToken);
    }
}
