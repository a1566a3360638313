using DynamicSurplus.Api.Events;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Functions.Events;
using DynamicSurplus.Functions.Tests.Triggers;
using DynamicSurplus.Functions.Triggers;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Events;

/// <summary>The feed and the topic, one after the other.</summary>
public sealed class EventsInTurnTests : IAsyncDisposable
{
    private static readonly TenantId Tenant = TenantId.Parse("acme");

    private readonly FakeSender _sender = new();
    private readonly App _app;

    public EventsInTurnTests() =>
        _app = new(adapters: services =>
            services.Replace(
                ServiceDescriptor.Singleton<IEventPublisher>(provider => new EventsInTurn(
                    provider.GetRequiredService<FeedEvents>(),
                    new ServiceBusEvents(_sender)
                ))
            )
        );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Event_whose_topic_is_out_of_reach_is_in_the_feed_once()
    {
        _sender.Failures = int.MaxValue;
        var lease = await HoldAsync();
        var before = await FeedAsync();

        _sender.Failures = 0;
        _app.Time.Advance(TimeSpan.FromMinutes(2));
        await _app.Functions<UpkeepFunctions>().SweepLeasesAsync(new(), new NoClient(), Stop);

        before.ShouldBe([$"{lease}-1"]);
        (await FeedAsync()).ShouldBe([$"{lease}-1", $"{lease}-2"]);
        _sender.Sent.Select(message => message.MessageId).ShouldBe([$"{lease}-1", $"{lease}-2"]);
    }

    [Fact]
    public async Task Installation_without_a_topic_has_the_feed()
    {
        await using var app = new App();

        app.Get<IEventPublisher>().ShouldBeOfType<FeedEvents>();
    }

    private async Task<LeaseId> HoldAsync()
    {
        await _app.RegisterAsync(App.North);
        await _app.Get<IngestTelemetry>().RunAsync(_app.Telemetry(running: 10, App.North), Stop);
        await _app.Functions<PricingFunctions>().PricingCycleAsync(new(), new NoClient(), Stop);
        var request = new LeaseRequest(Tenant, LeaseTier.Spot, 4, TimeSpan.FromHours(1), Fleet: App.North);
        var quote = await _app.Get<RequestQuote>().RunAsync(request, "key", "hash", Stop);
        return quote.Lease!.Lease.Id;
    }

    private async Task<IReadOnlyList<string>> FeedAsync() =>
        [.. (await _app.Get<IEventFeed>().ReadAsync(Tenant, 0, 100, Stop)).Select(entry => entry.Event.Id)];
}
