using System.Collections.Concurrent;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;
using DynamicSurplus.Tests.Api;
using DynamicSurplus.Tests.Contracts;
using DynamicSurplus.Tests.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

public sealed class PullTelemetryTests : IDisposable
{
    private static readonly TelemetryReading.Values Good = new(100, 60, 10, 650);
    private readonly IngestArrangement _given = new();
    private readonly ScriptedSource _source = new();
    private readonly FakeTimeProvider _wall = new(SampleGen.Noon.AddYears(1)) { AutoAdvanceAmount = TimeSpan.Zero };
    private readonly TestLog _log = new();
    private readonly PullTelemetry _pull;

    public PullTelemetryTests() =>
        _pull = new(
            _given.Catalog,
            _source,
            _given.Store,
            new EngineClock(_given.Clock, IngestArrangement.Options),
            IngestArrangement.Options,
            _wall,
            LoggerFactory.Create(log => log.AddProvider(_log)).CreateLogger<PullTelemetry>()
        );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _log.Dispose();
        _given.Dispose();
    }

    [Fact]
    public async Task Fleets_that_declare_a_source_are_read_at_one_time_and_their_samples_inboxed()
    {
        await RegisterAsync("https://p.example", "fleet-1", "fleet-2", "fleet-3");
        await _given.Directory.RegisterAsync("sends-its-own");
        _source.Answer = (_, _) => Task.FromResult<TelemetryReading>(Good);

        var result = await _pull.RunAsync(Cancel);

        result.ShouldBe(new PullResult(3, 0));
        _source.Read.Keys.ShouldBe(["fleet-1", "fleet-2", "fleet-3"], ignoreOrder: true);
        _source.Read.Values.ShouldAllBe(at => at == _wall.GetUtcNow());
        var inboxed = await _given.InboxedAsync();
        inboxed.Count.ShouldBe(3);
        inboxed.ShouldAllBe(entry =>
            entry.Sample == new Sample(entry.Sample.Fleet, SampleGen.Noon, 100, 60, 10, 650)
            && entry.Shard == entry.Sample.Fleet.Shard(IngestArrangement.Options.ShardCount)
        );
    }

    [Fact]
    public async Task Nothing_is_read_where_no_fleet_declares_a_source()
    {
        await _given.Directory.RegisterAsync("sends-its-own");

        (await _pull.RunAsync(Cancel)).ShouldBe(new PullResult(0, 0));

        _source.Read.ShouldBeEmpty();
    }

    [Fact]
    public async Task Fleet_that_gives_nothing_has_the_reason_in_its_refusals_and_hurts_no_other()
    {
        await RegisterAsync("https://p.example", "fleet-1", "fleet-2", "fleet-3", "fleet-4");
        var reason = new FieldError("queued", "the query gave no value", "write `... or vector(0)`");
        _source.Answer = (fleet, _) =>
            fleet switch
            {
                "fleet-1" => Task.FromResult<TelemetryReading>(new TelemetryReading.Nothing(reason)),
                "fleet-2" => Task.FromResult<TelemetryReading>(Good with { Running = 5_000 }),
                "fleet-3" => throw new InvalidOperationException("broken"),
                _ => Task.FromResult<TelemetryReading>(Good),
            };

        var result = await _pull.RunAsync(Cancel);

        result.ShouldBe(new PullResult(1, 3));
        (await _given.InboxedAsync()).ShouldHaveSingleItem().Sample.Fleet.ToString().ShouldBe("fleet-4");
        (await RefusalAsync("fleet-1")).ShouldBe(new(0, "fleet-1", reason.Field, reason.Problem, reason.Fix));
        (await RefusalAsync("fleet-2")).Problem.ShouldBe("5000 is more than 10 × healthy (100)");
        (await RefusalAsync("fleet-3")).Fix.ShouldBe("see the host's log");
        _log.Lines.ShouldContain(line => line.Contains("3 of 4 fleets gave no telemetry", StringComparison.Ordinal));
        _log.Lines.ShouldContain(line => line.Contains("fleet-3 broke", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_that_answers_nobody_is_left_alone_after_a_few_fleets()
    {
        await RegisterAsync("https://dead.example", [.. Enumerable.Range(0, 60).Select(n => $"dead-{n}")]);
        await RegisterAsync("https://p.example", [.. Enumerable.Range(0, 60).Select(n => $"fleet-{n}")]);
        _source.Answer = async (fleet, _) =>
        {
            await Task.Yield();
            return fleet.StartsWith("dead", StringComparison.Ordinal) ? Silence : Good;
        };

        var result = await _pull.RunAsync(Cancel);

        result.ShouldBe(new PullResult(60, 60));
        var asked = _source.Read.Keys.Count(fleet => fleet.StartsWith("dead", StringComparison.Ordinal));
        asked.ShouldBeInRange(PullTelemetry.MostSilences, PullTelemetry.MostSilences + PullTelemetry.ReadsAtOnce);
        var skipped = Enumerable.Range(0, 60).Select(n => $"dead-{n}").First(fleet => !_source.Read.ContainsKey(fleet));
        (await RefusalAsync(skipped)).Problem.ShouldBe("its server does not answer");
    }

    [Fact]
    public async Task Server_that_answers_somebody_is_asked_for_every_fleet()
    {
        await RegisterAsync("https://p.example", [.. Enumerable.Range(0, 60).Select(n => $"fleet-{n:D2}")]);
        var (asked, goOn) = (0, new TaskCompletionSource());
        _source.Answer = async (_, _) =>
        {
            var number = Interlocked.Increment(ref asked);
            if (number == 1)
            {
                return Good;
            }
            if (number == PullTelemetry.ReadsAtOnce + 1)
            {
                goOn.SetResult(); // there is room for this one: the first has been answered
            }
            await goOn.Task.WaitAsync(Cancel);
            return Silence;
        };

        (await _pull.RunAsync(Cancel)).ShouldBe(new PullResult(1, 59));

        _source.Read.Count.ShouldBe(60);
    }

    [Fact]
    public async Task At_most_sixteen_fleets_are_read_at_once()
    {
        await RegisterAsync("https://p.example", [.. Enumerable.Range(0, 60).Select(n => $"fleet-{n}")]);
        var (now, most) = (0, 0);
        _source.Answer = async (_, _) =>
        {
            lock (_source)
            {
                most = Math.Max(most, ++now);
            }
            await Task.Delay(5, Cancel);
            lock (_source)
            {
                now--;
            }
            return Good;
        };

        await _pull.RunAsync(Cancel);

        most.ShouldBe(PullTelemetry.ReadsAtOnce);
    }

    [Fact]
    public async Task Slow_server_keeps_no_other_sample_back_and_ends_with_the_budget()
    {
        await RegisterAsync("https://slow.example", "slow");
        await RegisterAsync("https://p.example", "fleet-1");
        _source.Answer = async (fleet, stop) =>
        {
            if (fleet == "slow")
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            return Good;
        };

        var running = _pull.RunAsync(Cancel);
        await UntilAsync(async () =>
        {
            _wall.Advance(TimeSpan.FromSeconds(1));
            return (await _given.InboxedAsync()).Count > 0;
        });
        running.IsCompleted.ShouldBeFalse("the slow server is still waited for");
        _wall.Advance(IngestArrangement.Options.PullBudget);

        (await running).ShouldBe(new PullResult(1, 1));
        (await RefusalAsync("slow")).Problem.ShouldBe("was not read within the 48 s that a pull has");
    }

    [Fact]
    public async Task Cancellation_is_no_failure_of_a_fleet()
    {
        await RegisterAsync("https://p.example", "fleet-1");
        using var cancelled = new CancellationTokenSource();
        _source.Answer = async (_, stop) =>
        {
            await cancelled.CancelAsync();
            await Task.Delay(Timeout.Infinite, stop);
            return Good;
        };

        await Should.ThrowAsync<OperationCanceledException>(() => _pull.RunAsync(cancelled.Token));

        (await _given.Refusals.ReadAsync("fleet-1", Cancel)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task Failure_of_the_inbox_passes_through_and_the_next_pull_works()
    {
        await RegisterAsync("https://p.example", "fleet-1");
        _source.Answer = (_, _) => Task.FromResult<TelemetryReading>(Good);
        _given.Inbox.IsDown = true;
        await Should.ThrowAsync<IOException>(() => _pull.RunAsync(Cancel));
        _given.Inbox.IsDown = false;

        (await _pull.RunAsync(Cancel)).ShouldBe(new PullResult(1, 0));
    }

    [Fact]
    public async Task Failures_are_counted()
    {
        await RegisterAsync("https://p.example", "fleet-1", "fleet-2", "fleet-3");
        _source.Answer = (fleet, _) => Task.FromResult(fleet == "fleet-1" ? Good : Silence);
        using var measured = new Measured();

        await _pull.RunAsync(Cancel);

        measured.Seen.ShouldContain("surplus.pull.failures 2");
    }

    private static TelemetryReading Silence =>
        new TelemetryReading.Nothing(new("healthy", "the server cannot be reached", "start it"), IsServerSilent: true);

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            await Task.Delay(10, Cancel);
        }
    }

    private async Task<SampleRefusal> RefusalAsync(string fleet) =>
        (await _given.Refusals.ReadAsync(fleet, Cancel)).Latest.ShouldHaveSingleItem();

    private async Task RegisterAsync(string server, params string[] fleets)
    {
        foreach (var fleet in fleets)
        {
            var declared = Example.Fleet(FleetId.Parse(fleet)) with { Telemetry = new(new Uri(server), "a", "b", "c") };
            await _given.Directory.TryPutAsync(declared, null, Cancel);
        }
    }

    /// <summary>Answers as the test says, and keeps who was read and for which time.</summary>
    private sealed class ScriptedSource : ITelemetrySource
    {
        public Func<string, CancellationToken, Task<TelemetryReading>> Answer { get; set; } =
            (_, _) => throw new InvalidOperationException("Nothing should be read.");

        public ConcurrentDictionary<string, DateTimeOffset> Read { get; } = new(StringComparer.Ordinal);

        public Task<TelemetryReading> ReadAsync(Fleet fleet, DateTimeOffset at, CancellationToken cancellationToken)
        {
            Read[fleet.Id.ToString()] = at;
            return Answer(fleet.Id.ToString(), cancellationToken);
        }
    }
}
