using System.Collections.Concurrent;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Reads the fleets that declare a source of telemetry, all at one instant, and takes in what they say by the rules for
/// telemetry that is sent. A fleet that gives nothing has the reason in its refusals, and costs no other its sample.
/// </summary>
/// <param name="wallClock">Real time: sources and networks know no other.</param>
public sealed partial class PullTelemetry(
    FleetCatalog catalog,
    ITelemetrySource source,
    StoreSamples store,
    EngineClock clock,
    EngineOptions options,
    TimeProvider wallClock,
    ILogger<PullTelemetry> logger
)
{
    /// <summary>Fleets read at once.</summary>
    public const int ReadsAtOnce = 16;

    /// <summary>
    /// A server that has answered nobody and left this many fleets without an answer is asked no more.
    /// </summary>
    public const int MostSilences = 3;

    private const int NamedInLog = 5;

    /// <summary>How long what was read waits for more, so that a slow server keeps no other's sample back.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    /// <summary>One pull, for at most <see cref="EngineOptions.PullBudget"/> and the storing after it.</summary>
    public async Task<PullResult> RunAsync(CancellationToken cancellationToken)
    {
        var fleets = (await catalog.GetAsync(cancellationToken)).All.Select(fleet => fleet.Value);
        var servers = new Dictionary<Uri, Server>();
        var pulls = InTurn(fleets).Select(fleet => new Pull(fleet, ServerOf(fleet.Telemetry!.Server))).ToList();
        if (pulls.Count == 0)
        {
            return new(0, 0);
        }
        var (pulled, failed) = await ReadAndStoreAsync(pulls, cancellationToken);
        if (failed.Count > 0)
        {
            FleetsFailed(failed.Count, pulls.Count, string.Join(", ", failed.Take(NamedInLog)));
        }
        return new(pulled, failed.Count);

        Server ServerOf(Uri address) =>
            servers.TryGetValue(address, out var known) ? known : servers[address] = new Server();
    }

    /// <summary>
    /// One fleet of each server, then the next of each: no server's fleets wait behind all of another's. Every tick
    /// another begins, so that the last are not always the same where time runs out.
    /// </summary>
    private IEnumerable<Fleet> InTurn(IEnumerable<Fleet> fleets)
    {
        var ticks = clock.Tick.StartSeconds / options.TickLength.Seconds;
        return fleets
            .Where(fleet => fleet.Telemetry is not null)
            .GroupBy(fleet => fleet.Telemetry!.Server)
            .Select(ofServer => ofServer.ToList())
            .SelectMany(all => all.Select((fleet, place) => (Turn: (place + ticks) % all.Count, Fleet: fleet)))
            .OrderBy(next => next.Turn)
            .Select(next => next.Fleet);
    }

    /// <summary>Never fails: every fleet has a reading in the end.</summary>
    private Task ReadAllAsync(
        IReadOnlyList<Pull> pulls,
        DateTimeOffset at,
        ConcurrentQueue<(Fleet, TelemetryReading)> read,
        CancellationToken stop
    ) =>
        Parallel.ForEachAsync(
            pulls,
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = CancellationToken.None },
            async (pull, _) => read.Enqueue((pull.Fleet, await ReadAsync(pull, at, stop)))
        );

    private async Task<TelemetryReading> ReadAsync(Pull pull, DateTimeOffset at, CancellationToken stop)
    {
        try
        {
            stop.ThrowIfCancellationRequested();
            if (pull.Server.IsSilent)
            {
                return Without("its server does not answer", "see whether the server runs and can be reached");
            }
            var reading = await source.ReadAsync(pull.Fleet, at, stop);
            pull.Server.Count(reading);
            return reading;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            SourceBroke(pull.Fleet.Id, exception);
            return Without("could not be read", "see the host's log");
        }
        catch (OperationCanceledException)
        {
            return Without(
                $"was not read within the {options.PullBudget.TotalSeconds} s that a pull has",
                "see which servers are slow, or send the fleet's telemetry instead"
            );
        }

        static TelemetryReading.Nothing Without(string problem, string fix) => new(new("telemetry", problem, fix));
    }

    private async Task<(int Pulled, List<string> Failed)> ReadAndStoreAsync(
        IReadOnlyList<Pull> pulls,
        CancellationToken cancellationToken
    )
    {
        using var spent = new CancellationTokenSource(options.PullBudget, wallClock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(spent.Token, cancellationToken);
        var read = new ConcurrentQueue<(Fleet Fleet, TelemetryReading Reading)>();
        var batch = new TelemetryBatch(options.ShardCount);
        var (pulled, failed) = (0, new List<string>());
        var at = clock.UtcNow;
        var reading = ReadAllAsync(pulls, wallClock.GetUtcNow(), read, stop.Token);
        try
        {
            for (var isLast = false; !isLast; )
            {
                await Task.WhenAny(reading, Task.Delay(Gathering, wallClock, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                isLast = reading.IsCompleted;
                while (read.TryDequeue(out var one))
                {
                    Take(one.Fleet, one.Reading, at, batch);
                }
                await store.RunAsync(batch, cancellationToken);
                pulled += batch.Accepted;
                failed.AddRange(batch.Refusals.Select(refusal => $"{refusal.Fleet} ({refusal.Field})"));
                EngineMetrics.PullFailures.Add(batch.Refusals.Count);
                batch.Clear();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
        return (pulled, failed);
    }

    private void Take(Fleet fleet, TelemetryReading reading, DateTimeOffset at, TelemetryBatch batch)
    {
        if (reading is TelemetryReading.Values values)
        {
            var sample = new Telemetry.Sample(
                fleet.Id,
                at,
                values.Healthy,
                values.Running,
                values.Queued,
                values.Watts
            );
            batch.Judge(0, fleet.Id.Shard(options.ShardCount), sample, clock.UtcNow + options.FutureAllowance);
        }
        else
        {
            batch.Refuse(0, fleet.Id, ((TelemetryReading.Nothing)reading).Reason);
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "{Failed} of {All} fleets gave no telemetry when it was pulled: {Fleets}, ...; each fleet's refusals say why."
    )]
    private partial void FleetsFailed(int failed, int all, string fleets);

    [LoggerMessage(LogLevel.Error, "The source of fleet {Fleet} broke while it was read.")]
    private partial void SourceBroke(FleetId fleet, Exception exception);

    private sealed record Pull(Fleet Fleet, Server Server);

    /// <summary>How a server has answered in one pull.</summary>
    private sealed class Server
    {
        private int _silences;
        private volatile bool _hasAnswered;

        public bool IsSilent => !_hasAnswered && Volatile.Read(ref _silences) >= MostSilences;

        public void Count(TelemetryReading reading)
        {
            if (reading is TelemetryReading.Nothing { IsServerSilent: true })
            {
                Interlocked.Increment(ref _silences);
            }
            else
            {
                _hasAnswered = true;
            }
        }
    }
}
