namespace DynamicSurplus.Local.ModelChecking;

/// <summary>A file of cases as the reference model writes them: inputs and outputs of each of its functions.</summary>
/// <param name="Edges">Of the 16 bins, shares of capacity.</param>
internal sealed record ModelCases(
    double[] Edges,
    ModelCases.Case<ModelCases.TickState, ModelCases.TickResult>[] Tick,
    ModelCases.Case<ModelCases.BlockState, ModelCases.BlockResult>[] BlockEnd,
    ModelCases.Case<ModelCases.ReclaimState, int[]>[] Reclaim,
    ModelCases.Case<ModelCases.InterruptionState, double>[] Interruption,
    ModelCases.Case<long[][], long>[] AmountMicroUsd
)
{
    public int Count => Tick.Length + BlockEnd.Length + Reclaim.Length + Interruption.Length + AmountMicroUsd.Length;

    public sealed record Case<TIn, TOut>(TIn In, TOut Out);

    public sealed record TickState(
        double Floor,
        double Ceiling,
        double Monopoly,
        double Elasticity,
        double Beta,
        double Kappa,
        double Delta,
        double Batch,
        double MeanGpus,
        double Wall,
        double Capacity,
        double Demand,
        double MarginFirm,
        double MarginSpot,
        double Accepted,
        double Interest,
        bool Frozen,
        double X
    );

    public sealed record TickResult(double Firm, double Total, double Interest, double X, double Rate, double Target);

    public sealed record BlockState(
        double Capacity,
        double Drop,
        double[] H,
        double Weight,
        double AlphaFirm,
        double AlphaSpot,
        double MarginFirm,
        double MarginSpot,
        double EpsFirm,
        double EpsSpot,
        double Decay
    );

    public sealed record BlockResult(
        double Score,
        double AlphaFirm,
        double AlphaSpot,
        double[] H,
        double Weight,
        double MarginFirm,
        double MarginSpot
    );

    /// <param name="Leases">Pairs of GPUs and loss.</param>
    public sealed record ReclaimState(double[][] Leases, int Need);

    /// <param name="Free">Share of capacity.</param>
    /// <param name="LeasedSpot">Share of capacity.</param>
    public sealed record InterruptionState(double[] H, double Weight, double Free, double LeasedSpot, double Hazard);
}
