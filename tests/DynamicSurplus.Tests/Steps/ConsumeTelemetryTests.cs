using System.Text;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

public sealed class ConsumeTelemetryTests : IDisposable
{
    private readonly IngestArrangement _given = new();
    private readonly InMemoryTelemetryQueue _queue;
    private readonly ConsumeTelemetry _consume;

    public ConsumeTelemetryTests()
    {
        _queue = new(_given.Clock);
        _consume = new(_queue, _given.Ingest, NullLogger<ConsumeTelemetry>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _given.Dispose();

    [Fact]
    public async Task Pass_takes_what_is_there_to_the_inboxes_and_completes_it()
    {
        await SendGoodAsync(40);

        (await _consume.RunAsync(Cancel)).ShouldBe(32);
        (await _consume.RunAsync(Cancel)).ShouldBe(8);
        (await _consume.RunAsync(Cancel)).ShouldBe(0);

        (await _given.InboxedAsync()).Count.ShouldBe(40);
        _given.Clock.Advance(ConsumeTelemetry.Visibility);
        (await _queue.ReceiveAsync(1, ConsumeTelemetry.Visibility, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Unreadable_message_is_poison_with_its_reason_and_the_rest_is_handled()
    {
        await SendGoodAsync(1);
        await _queue.SendAsync("[{\"fleet\":"u8.ToArray(), Cancel);
        await SendGoodAsync(1);
        using var measured = new Measured();

        (await _consume.RunAsync(Cancel)).ShouldBe(3);

        measured.Seen.ShouldContain("surplus.telemetry.poisoned 1");

        (await _given.InboxedAsync()).Count.ShouldBe(2);
        var poison = (await _queue.PeekPoisonAsync(Cancel)).ShouldHaveSingleItem();
        poison.Reason.ShouldStartWith("body is broken JSON at line 1, byte");
        Encoding.UTF8.GetString(poison.Body.Span).ShouldBe("[{\"fleet\":");
    }

    [Fact]
    public async Task Failed_message_is_delivered_again_and_poison_after_the_last_delivery()
    {
        await SendGoodAsync(1);
        _given.Inbox.IsDown = true;
        for (var delivery = 1; delivery <= QueueLimits.MaxDeliveries; delivery++)
        {
            (await _consume.RunAsync(Cancel)).ShouldBe(0);
            (await _queue.PeekPoisonAsync(Cancel)).ShouldBeEmpty();
            (await _consume.RunAsync(Cancel)).ShouldBe(0);
            _given.Clock.Advance(ConsumeTelemetry.Visibility);
        }

        (await _consume.RunAsync(Cancel)).ShouldBe(1);

        (await _queue.PeekPoisonAsync(Cancel))
            .ShouldHaveSingleItem()
            .Reason.ShouldBe("delivered 5 times without success");
    }

    [Fact]
    public async Task Failed_message_is_ingested_once_what_failed_works_again()
    {
        await SendGoodAsync(2);
        _given.Inbox.IsDown = true;
        await _consume.RunAsync(Cancel);
        _given.Inbox.IsDown = false;
        _given.Clock.Advance(ConsumeTelemetry.Visibility);

        (await _consume.RunAsync(Cancel)).ShouldBe(2);

        (await _given.InboxedAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Cancellation_is_no_failure_of_a_message()
    {
        await SendGoodAsync(1);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => _consume.RunAsync(cancelled.Token));
    }

    private async Task SendGoodAsync(int messages)
    {
        await _given.Directory.RegisterAsync("fleet-1");
        foreach (var body in TelemetryJson.Write([new(FleetId.Parse("fleet-1"), SampleGen.Noon, 100, 60, 10)], 3))
        {
            for (var message = 0; message < messages; message++)
            {
                await _queue.SendAsync(body, Cancel);
            }
        }
    }
}
