using System.Text;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Functions.Triggers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Triggers;

/// <summary>The function IngestTelemetryFromStorageQueue: one message at a time, as text.</summary>
public sealed class StorageQueueTelemetryTests : IAsyncDisposable
{
    private readonly StubbornInbox _inbox = new();
    private readonly App _app;

    public StorageQueueTelemetryTests() =>
        _app = new(adapters: services => services.Replace(ServiceDescriptor.Singleton<ITelemetryInbox>(_inbox)));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Good_message_is_taken_in()
    {
        await _app.RegisterAsync(App.North, App.South);

        await RunAsync(_app.TelemetryText(running: 40, App.North, App.South));

        (await _app.InboxAsync()).Select(sample => sample.Fleet).ShouldBe([App.North, App.South]);
        (await PoisonAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Duplicate_gives_the_rates_that_one_gives()
    {
        var once = await RatesAfterAsync(deliveries: 1);

        (await RatesAfterAsync(deliveries: 3)).ShouldBe(once);
    }

    [Theory]
    [InlineData("[{\"fleet\":", "body is broken JSON at line 1")]
    [InlineData("", "body is empty")]
    [InlineData("hello", "body begins neither with '[' nor with '{'")]
    public async Task Unreadable_message_is_poison_with_its_reason_and_no_failure(string message, string reason)
    {
        await RunAsync(message);

        var poison = (await PoisonAsync()).ShouldHaveSingleItem();
        poison.Reason.ShouldStartWith(reason);
        Encoding.UTF8.GetString(poison.Body.Span).ShouldBe(message);
    }

    [Fact]
    public async Task Failure_of_storage_throws_so_that_the_host_delivers_again()
    {
        await _app.RegisterAsync(App.North);
        var message = _app.TelemetryText(running: 40, App.North);
        _inbox.Failures = 1;

        await Should.ThrowAsync<IOException>(() => RunAsync(message));
        await RunAsync(message);

        (await _app.InboxAsync()).ShouldHaveSingleItem();
        (await PoisonAsync()).ShouldBeEmpty();
    }

    private static async Task<byte[]?> RatesAfterAsync(int deliveries)
    {
        await using var app = new App();
        await app.RegisterAsync(App.North);
        var message = app.TelemetryText(running: 40, App.North);
        for (var delivery = 0; delivery < deliveries; delivery++)
        {
            await app.Functions<TelemetryFunctions>().IngestTelemetryFromStorageQueueAsync(message, Stop);
        }
        await app.Functions<PricingFunctions>().PricingCycleAsync(new(), new NoClient(), Stop);
        return await app.BookAsync();
    }

    private Task RunAsync(string message) =>
        _app.Functions<TelemetryFunctions>().IngestTelemetryFromStorageQueueAsync(message, Stop);

    private Task<IReadOnlyList<PoisonMessage>> PoisonAsync() => _app.Get<ITelemetryQueue>().PeekPoisonAsync(Stop);
}
