using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Steps;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicSurplus.Local.Serving;

/// <summary>Where a host's clock starts.</summary>
internal static class HostClock
{
    /// <summary>
    /// At speed 1 the wall's time. Faster, a folder that was used before resumes at its last committed tick, so that no
    /// lease ages while nothing runs; a new one starts now.
    /// </summary>
    /// <exception cref="ClockException">At speed 1: the folder has run ahead of the wall.</exception>
    public static async Task<SpeededTime> StartAsync(
        HostStorage storage,
        EngineOptions engine,
        CancellationToken cancellationToken
    )
    {
        var services = new ServiceCollection();
        services.AddSingleton(engine).AddSingleton(TimeProvider.System).AddSingleton<ReadLastTick>();
        storage.Register(services);
        await using var provider = services.BuildServiceProvider();
        var readLastTick = provider.GetRequiredService<ReadLastTick>();
        var speed = engine.Speed;
        var now = TimeProvider.System.GetUtcNow();
        var last = (await readLastTick.RunAsync(cancellationToken))?.Start;
        if (speed > 1)
        {
            return new(TimeProvider.System, now, last ?? now, speed);
        }
        return last is { } ahead && ahead > now.AddMinutes(1)
            ? throw new ClockException(
                $"The data folder has run ahead of the clock, to {ahead:u}: give --speed above 1, or another --data."
            )
            : new(TimeProvider.System, now, now, 1);
    }
}
