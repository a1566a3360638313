using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Functions.Triggers;

/// <summary>
/// The pricing cycle: in the timer's instance where there is one shard, one instance a shard where there are more.
/// </summary>
public sealed partial class PricingFunctions(
    RunPricingCycle cycle,
    EngineOptions options,
    DurableClientScope durable,
    ILogger<PricingFunctions> logger
)
{
    /// <returns>Orders for <see cref="PriceShardAsync"/>; none where the shard was priced here.</returns>
    [Function("PricingCycle")]
    [FixedDelayRetry(3, "00:00:05")]
    [QueueOutput(Connections.PricingQueue, Connection = Connections.Storage)]
    public async Task<string[]> PricingCycleAsync(
        [TimerTrigger("%PricingSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        if (timer.IsPastDue)
        {
            Late(); // one tick covers the gap
        }
        if (options.ShardCount > 1)
        {
            return [.. Enumerable.Range(0, options.ShardCount).Select(PricingOrder.Write)];
        }
        using var scope = durable.Enter(client);
        await cycle.RunAsync(0, cancellationToken);
        return [];
    }

    /// <summary>A late or repeated order prices the tick of its own time, or finds it priced.</summary>
    [Function("PriceShard")]
    public async Task PriceShardAsync(
        [QueueTrigger(Connections.PricingQueue, Connection = Connections.Storage)] string message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        var order = PricingOrder.Read(message);
        using var activity = order.StartActivity();
        using var scope = durable.Enter(client);
        await cycle.RunAsync(order.Shard, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The pricing cycle is past due; one tick covers the gap.")]
    private partial void Late();
}
