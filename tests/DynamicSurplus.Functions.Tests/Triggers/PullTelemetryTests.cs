using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Fleets;
using DynamicSurplus.Functions.Triggers;
using DynamicSurplus.Measures;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Triggers;

/// <summary>The function PullTelemetry: what the fleets' own servers say.</summary>
public sealed class PullTelemetryTests : IAsyncDisposable
{
    private readonly App _app = new(adapters: services =>
        services.Replace(ServiceDescriptor.Singleton<ITelemetrySource>(new NorthOnly()))
    );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Fleet_with_a_server_is_read_one_that_gives_nothing_has_the_reason_and_no_other_is_asked()
    {
        var source = new PrometheusSource(new("http://127.0.0.1:9090"), "a", "b", "c");
        await DeclareAsync(App.North, source);
        await DeclareAsync(App.South, source);
        await DeclareAsync(FleetId.Parse("sends-itself"), null);

        await _app.Functions<TelemetryFunctions>().PullTelemetryAsync(new TimerInfo(), Stop);

        var sample = (await _app.InboxAsync()).ShouldHaveSingleItem();
        (sample.Fleet, sample.Healthy, sample.Running, sample.Queued).ShouldBe((App.North, 64, 20, 3));
        (await _app.Get<IRefusals>().ReadAsync("south", Stop)).Latest.ShouldHaveSingleItem().Field.ShouldBe("queued");
        (await _app.Get<IRefusals>().ReadAsync("sends-itself", Stop)).Count.ShouldBe(0);
    }

    private Task<FleetChange> DeclareAsync(FleetId id, PrometheusSource? source) =>
        _app.Get<ManageFleets>()
            .PutAsync(
                new Fleet(
                    id,
                    "eu",
                    "H100",
                    "main",
                    "platform",
                    new FleetAttributes(),
                    FleetPolicy.Under(Rate.FromUsd(4)),
                    Telemetry: source
                ),
                FleetPrecondition.None,
                Stop
            );

    private sealed class NorthOnly : ITelemetrySource
    {
        public Task<TelemetryReading> ReadAsync(Fleet fleet, DateTimeOffset at, CancellationToken cancellationToken) =>
            Task.FromResult<TelemetryReading>(
                fleet.Id == App.North
                    ? new TelemetryReading.Values(64, 20, 3, Watts: null)
                    : new TelemetryReading.Nothing(new("queued", "gave no value", "write or vector(0)"))
            );
    }
}
