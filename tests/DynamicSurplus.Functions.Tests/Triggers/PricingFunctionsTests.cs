using System.Diagnostics;
using System.Text.Json;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Functions.Triggers;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Triggers;

/// <summary>The functions PricingCycle and PriceShard.</summary>
public sealed class PricingFunctionsTests
{
    private const string Traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_shard_is_priced_by_the_timer_itself()
    {
        await using var app = new App();
        await app.RegisterAsync(App.North);
        await app.Functions<TelemetryFunctions>()
            .IngestTelemetryFromStorageQueueAsync(app.TelemetryText(running: 40, App.North), Stop);

        var orders = await TimerAsync(app);

        orders.ShouldBeEmpty();
        (await app.Get<RateBooks>().FindAsync(App.North, Stop)).ShouldNotBeNull();
        app.Log.All.ShouldNotContain(line => line.Contains("past due"));
    }

    [Fact]
    public async Task Of_several_shards_none_is_priced_by_the_timer_and_each_is_ordered()
    {
        await using var app = new App(shards: 3);

        var orders = await TimerAsync(app);

        orders.Select(order => PricingOrder.Read(order).Shard).ShouldBe([0, 1, 2]);
        (await app.BookAsync(0)).ShouldBeNull();
    }

    [Fact]
    public async Task Late_timer_prices_and_says_so()
    {
        await using var app = new App();

        await TimerAsync(app, isPastDue: true);

        (await app.BookAsync()).ShouldNotBeNull();
        app.Log.All.ShouldContain("Warning: The pricing cycle is past due; one tick covers the gap.");
    }

    [Fact]
    public async Task Order_prices_its_shard_alone_and_a_repeat_changes_nothing()
    {
        await using var app = new App(shards: 3);
        var shard = App.North.Shard(3);
        await app.RegisterAsync(App.North);

        await app.Functions<PricingFunctions>().PriceShardAsync(PricingOrder.Write(shard), new NoClient(), Stop);
        var priced = await app.BookAsync(shard);
        await app.Functions<PricingFunctions>().PriceShardAsync(PricingOrder.Write(shard), new NoClient(), Stop);

        priced.ShouldNotBeNull();
        (await app.BookAsync(shard)).ShouldBe(priced);
        (await app.BookAsync((shard + 1) % 3)).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"shard\":\"first\"}")]
    [InlineData("hello")]
    public async Task Message_that_is_no_order_throws_and_becomes_poison(string message)
    {
        await using var app = new App();

        await Should.ThrowAsync<JsonException>(() =>
            app.Functions<PricingFunctions>().PriceShardAsync(message, new NoClient(), Stop)
        );

        (await app.BookAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public async Task Order_for_a_shard_that_is_not_there_says_which_there_are(int shard)
    {
        await using var app = new App(shards: 3);

        var refused = await Should.ThrowAsync<ArgumentOutOfRangeException>(() =>
            app.Functions<PricingFunctions>().PriceShardAsync($$"""{"shard":{{shard}}}""", new NoClient(), Stop)
        );

        refused.Message.ShouldContain("0 to 2");
    }

    [Fact]
    public async Task Trace_of_the_timer_goes_on_where_the_shard_is_priced()
    {
        using var traces = new Traces();
        await using var app = new App(shards: 2);
        using var timer = new Activity("timer").SetParentId(Traceparent).Start();
        var orders = await TimerAsync(app);
        timer.Stop();

        await app.Functions<PricingFunctions>().PriceShardAsync(orders[1], new NoClient(), Stop);

        traces
            .All.Where(activity => activity.OperationName == "PriceShard")
            .ShouldContain(activity => activity.TraceId == timer.TraceId && activity.ParentSpanId == timer.SpanId);
    }

    private static Task<string[]> TimerAsync(App app, bool isPastDue = false) =>
        app.Functions<PricingFunctions>().PricingCycleAsync(new() { IsPastDue = isPastDue }, new NoClient(), Stop);
}
