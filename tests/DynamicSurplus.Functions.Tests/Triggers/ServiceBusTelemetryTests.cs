using Azure.Messaging.ServiceBus;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Functions.Triggers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Triggers;

/// <summary>The function IngestTelemetry: a batch of a Service Bus queue, whose messages settle one by one.</summary>
public sealed class ServiceBusTelemetryTests : IAsyncDisposable
{
    private const string Traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly StubbornInbox _inbox = new();
    private readonly FakeActions _actions = new();
    private readonly App _app;

    public ServiceBusTelemetryTests() =>
        _app = new(adapters: services => services.Replace(ServiceDescriptor.Singleton<ITelemetryInbox>(_inbox)));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Good_message_is_taken_in_and_completed()
    {
        await _app.RegisterAsync(App.North);

        await RunAsync(Message("m1", _app.Telemetry(running: 40, App.North)));

        _actions.Settled.ShouldBe(["complete m1"]);
        (await _app.InboxAsync()).ShouldHaveSingleItem().Running.ShouldBe(40);
    }

    [Fact]
    public async Task Duplicate_is_completed_and_folds_to_the_same_state()
    {
        await _app.RegisterAsync(App.North);
        var body = _app.Telemetry(running: 40, App.North);

        await RunAsync(Message("m1", body), Message("m1", body));

        _actions.Settled.ShouldBe(["complete m1", "complete m1"]);
        (await _app.InboxAsync()).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Every_message_of_a_batch_settles_for_itself()
    {
        await _app.RegisterAsync(App.North);
        var body = _app.Telemetry(running: 40, App.North);
        _inbox.Failures = 1;

        await RunAsync(Message("down", body), Message("broken", "[{\"fleet\":"u8.ToArray()), Message("good", body));

        _actions.Settled.ShouldBe(["abandon down", "dead-letter broken", "complete good"]);
        _actions.Reason.ShouldBe(ServiceBusTelemetry.Unreadable);
        _actions.Description!.ShouldStartWith("body is broken JSON at line 1");
        _app.Log.All.ShouldContain("Warning: Telemetry message down failed, and is delivered again.");
    }

    [Fact]
    public async Task Message_that_cannot_be_given_back_keeps_no_other_from_its_turn()
    {
        await _app.RegisterAsync(App.North);
        var body = _app.Telemetry(running: 40, App.North);
        _inbox.Failures = 1;
        _actions.LostLock = "m1";

        await RunAsync(Message("m1", body), Message("m2", body));

        _actions.Settled.ShouldBe(["complete m2"]);
    }

    [Fact]
    public async Task Samples_that_are_refused_are_no_failure_of_their_message()
    {
        await RunAsync(Message("unknown fleet", _app.Telemetry(running: 40, App.North)));

        _actions.Settled.ShouldBe(["complete unknown fleet"]);
        (await _app.InboxAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(4096, 4096)]
    [InlineData(4097, 4096)]
    [InlineData(12, 12)]
    public void Description_is_as_long_as_the_service_takes_it(int length, int kept) =>
        ServiceBusTelemetry.Describe(new string('x', length)).Length.ShouldBe(kept);

    [Fact]
    public void Description_is_not_cut_within_a_character() =>
        ServiceBusTelemetry.Describe(new string('x', 4095) + "🛰").ShouldBe(new string('x', 4095));

    [Fact]
    public async Task Cancellation_settles_nothing()
    {
        await _app.RegisterAsync(App.North);
        using var stopping = new CancellationTokenSource();
        _inbox.Adding = stopping.Cancel;

        await Should.ThrowAsync<OperationCanceledException>(() =>
            _app.Functions<TelemetryFunctions>()
                .IngestTelemetryAsync([Message("m1", _app.Telemetry(40, App.North))], _actions, stopping.Token)
        );

        _actions.Settled.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("traceparent")]
    [InlineData("Diagnostic-Id")]
    public async Task Trace_of_the_sender_is_linked(string property)
    {
        using var traces = new Traces();
        var message = ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: new BinaryData("[]"),
            messageId: "m1",
            properties: new Dictionary<string, object> { [property] = Traceparent }
        );

        await RunAsync(message);

        traces
            .All.SelectMany(activity => activity.Links)
            .ShouldContain(link => $"00-{link.Context.TraceId}-{link.Context.SpanId}-01" == Traceparent);
    }

    private static ServiceBusReceivedMessage Message(string id, byte[] body) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(body: new BinaryData(body), messageId: id);

    private Task RunAsync(params ServiceBusReceivedMessage[] messages) =>
        _app.Functions<TelemetryFunctions>().IngestTelemetryAsync(messages, _actions, Stop);
}
