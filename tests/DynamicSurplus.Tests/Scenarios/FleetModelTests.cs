using System.Collections.Concurrent;
using CsCheck;
using DynamicSurplus.Cloud;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>
/// Random scripts through the engine's own steps, held against a small model after every step. A failure prints the
/// seed
/// that repeats it; the long mode runs a million.
/// </summary>
public sealed class FleetModelTests(AzuriteFixture azurite)
{
    /// <summary>Then another lane: what scripts leave in journals stays there.</summary>
    private const int MostScriptsInMemory = 250;

    /// <summary>The emulator reads a whole table for each query.</summary>
    private const int MostScriptsOnAzurite = 12;

    private readonly ConcurrentBag<FleetLane> _lanes = [];
    private int _scripts;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scripts_in_memory_keep_to_the_model()
    {
        var scripts = LongMode.Of(10_000, 1_000_000);

        await FleetScript.Any.SampleAsync(
            script => RunAsync(script, MostScriptsInMemory, () => Task.FromResult<StorageClients?>(null)),
            iter: scripts
        );
        await CloseAsync();

        _scripts.ShouldBeGreaterThanOrEqualTo(scripts);
    }

    [Fact]
    public async Task Scripts_on_Azurite_keep_to_the_model()
    {
        var scripts = LongMode.Of(200, 2_000);

        await FleetScript.Short.SampleAsync(
            script => RunAsync(script, MostScriptsOnAzurite, async () => await azurite.StorageAsync()),
            iter: scripts,
            threads: 4
        );
        await CloseAsync();

        _scripts.ShouldBeGreaterThanOrEqualTo(scripts);
    }

    private async Task RunAsync(FleetScript script, int most, Func<Task<StorageClients?>> storage)
    {
        if (!_lanes.TryTake(out var lane))
        {
            lane = await FleetLane.OpenAsync(await storage(), Stop);
        }
        await lane.RunAsync(script, Stop); // where it fails, the lane is left to its fate
        Interlocked.Increment(ref _scripts);
        if (lane.Scripts < most)
        {
            _lanes.Add(lane);
            return;
        }
        await CloseAsync(lane);
    }

    private async Task CloseAsync()
    {
        foreach (var lane in _lanes)
        {
            await CloseAsync(lane);
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{_scripts} scripts kept to the model.");
    }

    private static async Task CloseAsync(FleetLane lane)
    {
        await lane.ShouldAgreeAsync(Stop);
        await lane.DisposeAsync();
    }
}
