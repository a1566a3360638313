using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Tests.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

public sealed class IngestTelemetryTests : IDisposable
{
    private readonly IngestArrangement _given = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _given.Dispose();

    [Fact]
    public async Task Samples_go_to_their_fleets_shards_and_refusals_to_the_list()
    {
        await RegisterAsync("fleet-1", "fleet-2", "fleet-3");

        var result = await _given.RunAsync(
            $"[{One("fleet-1")},{One("fleet-2", running: 6_000)},{One("fleet-3")},{One("nowhere")},{One("fleet-2")}]"
        );

        var ingested = result.ShouldBeOfType<IngestResult.Ingested>();
        ingested.Accepted.ShouldBe(3);
        ingested.Refused.Select(refusal => refusal.Position).ShouldBe([1, 3]);
        var inboxed = await _given.InboxedAsync();
        inboxed.Select(entry => entry.Sample.Fleet.ToString()).ShouldBe(["fleet-1", "fleet-2", "fleet-3"], true);
        inboxed.ShouldAllBe(entry => entry.Shard == entry.Sample.Fleet.Shard(IngestArrangement.Options.ShardCount));
        (await _given.Refusals.ReadAsync("fleet-2", Cancel)).Latest.ShouldBe([ingested.Refused[0]]);
        (await _given.Refusals.ReadAsync("nowhere", Cancel)).Latest.ShouldBe([ingested.Refused[1]]);
    }

    [Fact]
    public async Task Unreadable_body_says_why_and_leaves_nothing_anywhere()
    {
        await RegisterAsync("fleet-1");

        var result = await _given.RunAsync($"[{One("fleet-1")},{One("nowhere")},");

        result.ShouldBeOfType<IngestResult.Unreadable>().Reason.Problem.ShouldContain("broken JSON at line 1");
        (await _given.InboxedAsync()).ShouldBeEmpty();
        (await _given.Refusals.ReadAsync("nowhere", Cancel)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task Fleet_that_was_registered_a_moment_ago_is_known()
    {
        await _given.RunAsync("[]");
        await RegisterAsync("fleet-1");

        var result = await _given.RunAsync($"[{One("fleet-1")},{One("nowhere")}]");

        var ingested = result.ShouldBeOfType<IngestResult.Ingested>();
        ingested.Accepted.ShouldBe(1);
        ingested.Refused.ShouldHaveSingleItem().Fleet.ShouldBe("nowhere");
        (await _given.Refusals.ReadAsync("fleet-1", Cancel)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task Time_is_judged_by_the_hosts_clock_and_allowance()
    {
        await RegisterAsync("fleet-1");
        var latest = SampleGen.Noon + IngestArrangement.Options.FutureAllowance;

        var inTime = await _given.RunAsync(One("fleet-1", latest));
        var tooNew = await _given.RunAsync(One("fleet-1", latest.AddMilliseconds(1)));
        _given.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var later = await _given.RunAsync(One("fleet-1", latest.AddMilliseconds(1)));

        inTime.ShouldBeOfType<IngestResult.Ingested>().Accepted.ShouldBe(1);
        tooNew.ShouldBeOfType<IngestResult.Ingested>().Refused.ShouldHaveSingleItem().Field.ShouldBe("at");
        later.ShouldBeOfType<IngestResult.Ingested>().Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task Failure_of_the_inbox_passes_through_and_a_repeat_ingests_all()
    {
        await RegisterAsync("fleet-1");
        _given.Inbox.IsDown = true;
        await Should.ThrowAsync<IOException>(() => _given.RunAsync(One("fleet-1")));
        _given.Inbox.IsDown = false;

        await _given.RunAsync(One("fleet-1"));

        (await _given.InboxedAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Bodies_at_once_do_not_mix()
    {
        await RegisterAsync([.. Enumerable.Range(0, 20).Select(n => $"fleet-{n}")]);

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(n => Task.Run(() => _given.RunAsync($"[{One($"fleet-{n % 20}")},{One($"no-{n}")}]"), Cancel))
        );

        results
            .Cast<IngestResult.Ingested>()
            .Select(result => (result.Accepted, result.Refused.Single().Fleet))
            .ShouldBe(Enumerable.Range(0, 200).Select(n => (1, $"no-{n}")));
        (await _given.InboxedAsync()).CountBy(entry => entry.Sample.Fleet).ShouldAllBe(fleet => fleet.Value == 10);
    }

    [Fact]
    public async Task Samples_are_counted_by_what_became_of_them()
    {
        var counts = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == _given.Meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) =>
                counts.AddOrUpdate(
                    $"{instrument.Name} {(tags.IsEmpty ? "" : tags[0].Value)}",
                    value,
                    (_, old) => old + value
                )
        );
        listener.Start();
        await RegisterAsync("fleet-1");

        await _given.RunAsync(
            $$"""[{{One("fleet-1")}},{{One("fleet-1")}},{{One("no")}},{{One("fleet-1", running: -1)}},{"x":1}]"""
        );

        counts.ShouldBe(
            new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["telemetry.samples.accepted "] = 2,
                ["telemetry.samples.refused fleet"] = 1,
                ["telemetry.samples.refused running"] = 1,
                ["telemetry.samples.refused other"] = 1,
            },
            ignoreOrder: true
        );
    }

    private static string One(string fleet, double running = 60) => One(fleet, SampleGen.Noon, running);

    private static string One(string fleet, DateTimeOffset at, double running = 60) =>
        $$"""{"fleet":"{{fleet}}","at":"{{at:O}}","healthy":100,"running":{{running}},"queued":10}""";

    private async Task RegisterAsync(params string[] ids)
    {
        foreach (var id in ids)
        {
            await _given.Directory.RegisterAsync(id);
        }
    }
}
