using DynamicSurplus.Cloud;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Telemetry;
using DynamicSurplus.Tests.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>
/// Batches are folded into the shard's state, which is saved, and then deleted. Whatever dies in between, and in
/// whatever order and number they come, the same rates are published.
/// </summary>
public sealed class InterruptedFoldTests(AzuriteFixture azurite)
{
    private const int Ticks = 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batches_that_a_crash_left_in_the_inbox_change_nothing_when_they_are_folded_again()
    {
        var expected = await WithoutIncidentAsync();
        var clients = await azurite.StorageAsync();

        for (var tick = 0; tick < Ticks; tick++)
        {
            await using (var dying = Host(services => services.AddAzureStorage(clients), tick))
            {
                await AddAsync(dying, Batch(tick));
                Hinder(dying);
                await Should.ThrowAsync<IOException>(() => RunAsync(dying));
            }
            await using var next = Host(services => services.AddAzureStorage(clients), tick);
            (await RunAsync(next)).ShouldBeFalse("the tick was saved before the crash");
            (await EntriesAsync(next)).ShouldBe(tick + 1);
        }

        await using var last = Host(services => services.AddAzureStorage(clients), Ticks);
        await AddAsync(last, Batch(Ticks));
        (await RunAsync(last)).ShouldBeTrue();
        (await EntriesAsync(last)).ShouldBe(0);
        (await BookAsync(last)).ShouldBe(expected);
    }

    [Fact]
    public async Task Batches_that_come_twice_and_in_another_order_give_the_same_rates()
    {
        var expected = await WithoutIncidentAsync();
        var clients = await azurite.StorageAsync();

        for (var tick = 0; tick <= Ticks; tick++)
        {
            await using var host = Host(services => services.AddAzureStorage(clients), tick);
            await AddAsync(host, [.. Batch(tick).Reverse()]);
            await AddAsync(host, Batch(Math.Max(0, tick - 1)));
            await AddAsync(host, Batch(tick));
            (await RunAsync(host)).ShouldBeTrue();
        }

        await using var last = Host(services => services.AddAzureStorage(clients), Ticks);
        (await BookAsync(last)).ShouldBe(expected);
    }

    private static async Task<byte[]> WithoutIncidentAsync()
    {
        var time = new FakeTimeProvider(At(0));
        await using var host = Host(services => services.AddMemoryStorage(), time);
        for (var tick = 0; tick <= Ticks; tick++)
        {
            time.SetUtcNow(At(tick));
            await AddAsync(host, Batch(tick));
            (await RunAsync(host)).ShouldBeTrue();
        }
        return await BookAsync(host);
    }

    private static ServiceProvider Host(Action<IServiceCollection> addStorage, int tick) =>
        Host(addStorage, new FakeTimeProvider(At(tick)));

    private static ServiceProvider Host(Action<IServiceCollection> addStorage, FakeTimeProvider time)
    {
        var services = new ServiceCollection();
        services
            .AddLogging()
            .AddMetrics()
            .AddSingleton<TimeProvider>(time)
            .AddEngine(new(), new(ReadOnlyMemory<byte>.Empty));
        addStorage(services);
        var adapter = services.Last(service => service.ServiceType == typeof(ITelemetryInbox)).ImplementationType!;
        services.AddSingleton(adapter);
        services.AddSingleton(provider => new MortalInbox((ITelemetryInbox)provider.GetRequiredService(adapter)));
        services.Replace(
            ServiceDescriptor.Singleton<ITelemetryInbox>(provider => provider.GetRequiredService<MortalInbox>())
        );
        return services.BuildServiceProvider();
    }

    private static DateTimeOffset At(int tick) => Example.Noon.AddMinutes(tick).AddSeconds(5);

    private static Sample[] Batch(int tick) =>
        [
            new(Example.FleetA, At(tick).AddSeconds(-4), 100, 40 + (3 * tick), tick),
            new(Example.FleetA, At(tick).AddSeconds(-1), 100, 50 + (5 * tick), tick),
            new(Example.FleetB, At(tick).AddSeconds(-2), 64, 60 - tick, 0),
        ];

    private static void Hinder(IServiceProvider host) => host.GetRequiredService<MortalInbox>().DiesAtDeletion = true;

    private static async Task AddAsync(IServiceProvider host, Sample[] samples)
    {
        var directory = host.GetRequiredService<IFleetDirectory>();
        await directory.TryPutAsync(Example.Fleet(Example.FleetA), null, Stop);
        await directory.TryPutAsync(Example.Fleet(Example.FleetB), null, Stop);
        var batch = new SampleColumns();
        foreach (var sample in samples)
        {
            batch.Add(sample);
        }
        await host.GetRequiredService<ITelemetryInbox>().AddAsync(0, InboxCodec.Encode(batch), Stop);
    }

    private static Task<bool> RunAsync(IServiceProvider host) =>
        host.GetRequiredService<RunPricingCycle>().RunAsync(0, Stop);

    private static async Task<int> EntriesAsync(IServiceProvider host) =>
        (await host.GetRequiredService<ITelemetryInbox>().ListAsync(0, 100, Stop)).Count;

    private static async Task<byte[]> BookAsync(IServiceProvider host) =>
        (await host.GetRequiredService<IShardStore>().LoadBookAsync(0, null, Stop))!.Value.ToArray();

    /// <summary>The inbox of a process that dies when it would delete what it has folded.</summary>
    private sealed class MortalInbox(ITelemetryInbox inner) : ITelemetryInbox
    {
        public bool DiesAtDeletion { get; set; }

        public Task AddAsync(int shard, ReadOnlyMemory<byte> batch, CancellationToken cancellationToken) =>
            inner.AddAsync(shard, batch, cancellationToken);

        public Task<IReadOnlyList<string>> ListAsync(int shard, int most, CancellationToken cancellationToken) =>
            inner.ListAsync(shard, most, cancellationToken);

        public Task<ReadOnlyMemory<byte>?> ReadAsync(int shard, string entry, CancellationToken cancellationToken) =>
            inner.ReadAsync(shard, entry, cancellationToken);

        public Task DeleteAsync(int shard, IReadOnlyList<string> entries, CancellationToken cancellationToken) =>
            DiesAtDeletion ? throw new IOException("killed") : inner.DeleteAsync(shard, entries, cancellationToken);
    }
}
