using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Tests.Scenarios;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

/// <summary>Two processes over one storage, as two instances of a function app are.</summary>
public sealed class TicksByTurnsTests
{
    private readonly LeaseWorld _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_tick_is_lost_where_instances_take_turns()
    {
        await using var one = _world.Start();
        await using var other = _world.Start();
        await _world.RegisterAsync(one, Stop);
        ServiceProvider[] turns = [one, other, other, one, one, other, one, other];

        foreach (var turn in turns)
        {
            _world.Time.Advance(TimeSpan.FromMinutes(1));

            (await RunAsync(turn)).ShouldBeTrue();

            await using var reader = _world.Start();
            var book = await reader.GetRequiredService<RateBooks>().CurrentAsync(0, Stop);
            book.Tick.Start.ShouldBe(_world.Time.GetUtcNow());
        }
    }

    [Fact]
    public async Task Tick_that_another_instance_has_run_is_not_run_again()
    {
        await using var one = _world.Start();
        await using var other = _world.Start();
        await RunAsync(one);
        await RunAsync(other);
        _world.Time.Advance(TimeSpan.FromMinutes(1));

        (await RunAsync(one)).ShouldBeTrue();
        (await RunAsync(other)).ShouldBeFalse();
        (await RunAsync(one)).ShouldBeFalse();
    }

    [Fact]
    public async Task Tick_whose_save_failed_is_priced_by_the_next_try()
    {
        await using var process = _world.Start();
        await _world.RegisterAsync(process, Stop);
        var store = BrokenSave.Of(process.GetRequiredService<IShardStore>());
        using var cycle = ActivatorUtilities.CreateInstance<RunPricingCycle>(process, store);
        await cycle.RunAsync(0, Stop);
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        ((BrokenSave)(object)store).Failures = 1;

        await Should.ThrowAsync<IOException>(() => cycle.RunAsync(0, Stop));

        (await cycle.RunAsync(0, Stop)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Shard_that_is_not_there_is_refused(int shard)
    {
        await using var process = _world.Start();

        var refused = await Should.ThrowAsync<ArgumentOutOfRangeException>(() =>
            process.GetRequiredService<RunPricingCycle>().RunAsync(shard, Stop)
        );

        refused.Message.ShouldContain("Shards are 0 to 0");
    }

    private static Task<bool> RunAsync(ServiceProvider process) =>
        process.GetRequiredService<RunPricingCycle>().RunAsync(0, Stop);
}
