using System.Diagnostics;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Extensions;
using CloudNative.CloudEvents.SystemTextJson;
using DynamicSurplus.Api;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Functions.Events;
using DynamicSurplus.Functions.Tests.Triggers;
using DynamicSurplus.Functions.Triggers;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Events;

public sealed class ServiceBusEventsTests : IAsyncDisposable
{
    private static readonly TenantId Tenant = TenantId.Parse("acme");

    private readonly FakeSender _sender = new();
    private readonly App _app;

    public ServiceBusEventsTests() =>
        _app = new(adapters: services =>
            services.Replace(ServiceDescriptor.Singleton<IEventPublisher>(new ServiceBusEvents(_sender)))
        );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Message_has_what_subscriptions_filter_by()
    {
        var lease = await GrantedAsync();

        var message = _sender.Sent[^1];

        message.MessageId.ShouldBe($"{lease}-{_sender.Sent.Count}");
        message.Subject.ShouldBe(lease.ToString());
        message.ContentType.ShouldBe("application/cloudevents+json");
        message.ApplicationProperties.ShouldBe(
            new Dictionary<string, object>
            {
                ["type"] = "dynamic-surplus.lease.granted",
                ["tenant"] = "acme",
                ["fleet"] = "north",
            },
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task Body_is_the_event_as_a_valid_CloudEvent()
    {
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        var lease = await GrantedAsync();
        var stored = (await _app.Get<LeaseStreams>().ReadAsync(lease, Stop)).Events;

        _sender.Sent.Count.ShouldBe(stored.Count);
        foreach (var (message, happened) in _sender.Sent.Zip(stored))
        {
            var cloudEvent = Parse(message.Body);

            cloudEvent.IsValid.ShouldBeTrue();
            cloudEvent.SpecVersion.ShouldBe(CloudEventsSpecVersion.V1_0);
            cloudEvent.Id.ShouldBe($"{lease}-{happened.Version}");
            cloudEvent.Source!.ToString().ShouldBe("/dynamic-surplus/leases");
            cloudEvent.Subject.ShouldBe(lease.ToString());
            cloudEvent.Time.ShouldBe(happened.Event.At);
            cloudEvent.DataContentType.ShouldBe("application/json");
            cloudEvent["tenant"].ShouldBe("acme");
            cloudEvent["fleet"].ShouldBe("north");
            cloudEvent.GetSequenceValue().ShouldBe((int)happened.Version);
            ((string)cloudEvent["traceparent"]!).ShouldContain(activity.TraceId.ToString());
        }
        _sender
            .Sent.Select(message => ((JsonElement)Parse(message.Body).Data!).GetRawText())
            .ShouldBe(await OfApiAsync(lease));
    }

    [Fact]
    public async Task Same_event_has_the_same_id_at_every_repeat()
    {
        var lease = await GrantedAsync();
        var (happened, terms) = await LastAsync(lease);
        var events = new ServiceBusEvents(_sender);

        await events.PublishAsync(happened, terms, Stop);
        await events.PublishAsync(happened, terms, Stop);

        _sender.Sent.TakeLast(3).Select(message => message.MessageId).Distinct().ShouldHaveSingleItem();
        _sender.Sent.TakeLast(3).Select(message => Parse(message.Body).Id).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Event_without_a_trace_has_none()
    {
        Activity.Current = null;

        await GrantedAsync();

        Parse(_sender.Sent[^1].Body)["traceparent"].ShouldBeNull();
    }

    [Fact]
    public async Task Event_that_could_not_be_sent_stays_pending_and_a_later_wake_up_sends_it()
    {
        await PriceAsync();
        _sender.Failures = int.MaxValue;
        var lease = await HoldAndAcceptAsync();
        _sender.Sent.ShouldBeEmpty();
        var pending = (await _app.Get<LeaseStreams>().ReadAsync(lease, Stop)).Pending;
        pending.ShouldContain(outstanding => outstanding.Effect is LeaseEffect.Publish);

        _sender.Failures = 0;
        _app.Time.Advance(TimeSpan.FromMinutes(2));
        await _app.Functions<UpkeepFunctions>().SweepLeasesAsync(new(), new NoClient(), Stop);

        var state = await _app.Get<LeaseStreams>().ReadAsync(lease, Stop);
        state.Pending.ShouldNotContain(outstanding => outstanding.Effect is LeaseEffect.Publish);
        _sender
            .Sent.Select(message => message.MessageId)
            .ShouldBe(state.Events.Select(happened => $"{lease}-{happened.Version}"));
    }

    private static CloudEvent Parse(BinaryData body) =>
        new JsonEventFormatter().DecodeStructuredModeMessage(body.ToMemory(), null, Sequence.AllAttributes);

    /// <summary>The lease's events as the API shows them.</summary>
    private async Task<IReadOnlyList<string>> OfApiAsync(LeaseId lease)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Request.RouteValues["lease"] = lease.ToString();
        http.Request.Headers.Authorization = $"Bearer {App.AuditorKey}";
        var answer = (ApiAnswer)await _app.Functions<LeaseFunctions>().GetLeaseEventsAsync(http.Request);
        using var json = JsonDocument.Parse(answer.Body);
        return [.. json.RootElement.GetProperty("events").EnumerateArray().Select(item => item.GetRawText())];
    }

    private async Task<(LeaseEventEnvelope Happened, LeaseTerms Terms)> LastAsync(LeaseId lease)
    {
        var state = await _app.Get<LeaseStreams>().ReadAsync(lease, Stop);
        return (state.Events[^1], state.Lease.Terms!);
    }

    private async Task<LeaseId> GrantedAsync()
    {
        await PriceAsync();
        return await HoldAndAcceptAsync();
    }

    private async Task PriceAsync()
    {
        await _app.RegisterAsync(App.North);
        await _app.Get<IngestTelemetry>().RunAsync(_app.Telemetry(running: 10, App.North), Stop);
        await _app.Functions<PricingFunctions>().PricingCycleAsync(new(), new NoClient(), Stop);
    }

    private async Task<LeaseId> HoldAndAcceptAsync()
    {
        var request = new LeaseRequest(Tenant, LeaseTier.Spot, 4, TimeSpan.FromHours(1), Fleet: App.North);
        var quote = await _app.Get<RequestQuote>().RunAsync(request, "key", "hash", Stop);
        var lease = quote.Lease!.Lease.Id;
        var clock = _app.Get<EngineClock>();
        var accept = new LeaseCommand.Accept(CommandId.From("accept"), clock.UtcNow, clock.Tick);
        await _app.Get<HandleLeaseCommand>().RunAsync(lease, accept, Stop);
        return lease;
    }
}
