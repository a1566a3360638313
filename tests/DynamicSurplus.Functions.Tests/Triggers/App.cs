using System.Text;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Fleets;
using DynamicSurplus.Functions.Tests.Settings;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Triggers;

/// <summary>
/// The app's own services over storage in memory, at noon, with its functions as the platform makes them.
/// </summary>
internal sealed class App : IAsyncDisposable
{
    public static readonly FleetId North = FleetId.Parse("north");
    public static readonly FleetId South = FleetId.Parse("south");

    /// <summary>Sees everything by the API.</summary>
    public static readonly string AuditorKey = ApiKey.NewSecret();

    private readonly ServiceProvider _services;

    /// <param name="adapters">Registers what this test has of its own, in place of the adapters in memory.</param>
    public App(int shards = 1, Action<IServiceCollection>? adapters = null)
    {
        var settings = ExampleSettings.Read(
            ("Surplus__ShardCount", $"{shards}"),
            ("ApiKeys__0__Name", "auditor"),
            ("ApiKeys__0__Role", "auditor"),
            ("ApiKeys__0__Sha256", ApiKey.Hash(AuditorKey))
        );
        var services = new ServiceCollection();
        services
            .AddLogging(logging => logging.AddProvider(Log))
            .AddSingleton<TimeProvider>(Time)
            .AddMemoryStorage()
            .AddSurplusServices(settings);
        adapters?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 8, 22, 12, 0, 0, TimeSpan.Zero));

    public LogLines Log { get; } = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A new instance of a class of functions, as for each invocation.</summary>
    public T Functions<T>()
        where T : notnull => ActivatorUtilities.CreateInstance<T>(_services);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task RegisterAsync(params IEnumerable<FleetId> fleets)
    {
        // 32 of its 64 GPUs are always surplus, so that both tiers sell from the first tick.
        var policy = FleetPolicy.Under(Rate.FromUsd(4)) with
        {
            Wall = 0.5,
            WallEnforced = true,
            MinimumRunSeconds = 0,
        };
        foreach (var id in fleets)
        {
            var fleet = new Fleet(id, "eu", "H100", "main", "platform", new FleetAttributes(), policy);
            await Get<ManageFleets>().PutAsync(fleet, FleetPrecondition.None, Stop);
        }
    }

    /// <summary>What the fleets' agents send now: 64 GPUs, of which this many run.</summary>
    public byte[] Telemetry(double running, params FleetId[] fleets) =>
        TelemetryJson
            .Write(
                [.. fleets.Select(fleet => new Sample(fleet, Time.GetUtcNow(), 64, running, Queued: 0))],
                shardCount: 1
            )
            .Single()
            .ToArray();

    public string TelemetryText(double running, params FleetId[] fleets) =>
        Encoding.UTF8.GetString(Telemetry(running, fleets));

    /// <summary>Samples that wait in the shard's inbox, oldest entry first.</summary>
    public async Task<IReadOnlyList<Sample>> InboxAsync(int shard = 0)
    {
        var (inbox, samples, batch) = (Get<ITelemetryInbox>(), new List<Sample>(), new SampleColumns());
        foreach (var entry in await inbox.ListAsync(shard, 100, Stop))
        {
            InboxCodec.Decode((await inbox.ReadAsync(shard, entry, Stop))!.Value.Span, batch);
            samples.AddRange(Enumerable.Range(0, batch.Count).Select(row => batch[row]));
        }
        return samples;
    }

    /// <summary>The shard's book as it is stored; null before the first cycle.</summary>
    public async Task<byte[]?> BookAsync(int shard = 0) =>
        (await Get<IShardStore>().LoadBookAsync(shard, null, Stop))?.Value.ToArray();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
