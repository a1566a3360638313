namespace DynamicSurplus.Api.Wire;

/// <summary>What a tick was told, as it was recorded: the numbers read back to the same bits.</summary>
/// <param name="Wall">The enforced efficiency wall, share of capacity; 1 where none is enforced.</param>
/// <param name="MarginFirm">Share of capacity kept back from the firm slice.</param>
/// <param name="MarginSpot">The same for spot.</param>
/// <param name="AcceptedGpuTicks">
/// Offered load of the last tick's requests whose bound covered the posted rate: GPUs × ticks.
/// </param>
/// <param name="InterestBefore">The demand estimate: GPUs wanted at 1 USD per GPU-hour.</param>
/// <param name="LogRateBefore">ln(USD per GPU-hour).</param>
/// <param name="Floor">This and the next two: USD per GPU-hour.</param>
public sealed record TickInputsDocument(
    float CapacityGpus,
    float DemandGpus,
    float Wall,
    float MarginFirm,
    float MarginSpot,
    float AcceptedGpuTicks,
    bool Frozen,
    float InterestBefore,
    float LogRateBefore,
    float Floor,
    float Ceiling,
    float Monopoly,
    float Elasticity,
    float Beta,
    float Kappa,
    float Delta,
    float Batch,
    float MeanGpus
);
