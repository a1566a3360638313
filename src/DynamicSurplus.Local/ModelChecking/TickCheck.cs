using DynamicSurplus.Pricing.Kernel;

namespace DynamicSurplus.Local.ModelChecking;

/// <summary>One pricing tick of every case, by both kernels, as one shard of fleets.</summary>
internal static class TickCheck
{
    private const double FloatLimit = 2e-6;

    public static CheckTally[] Run(ModelCases.Case<ModelCases.TickState, ModelCases.TickResult>[] cases) =>
        [
            Run("tick, scalar kernel", cases, ScalarPricingKernel.Run),
            Run("tick, vector kernel", cases, PricingKernel.Run),
        ];

    private static CheckTally Run(
        string name,
        ModelCases.Case<ModelCases.TickState, ModelCases.TickResult>[] cases,
        Action<PricingColumns> kernel
    )
    {
        var tally = new CheckTally(name, FloatLimit);
        var columns = new PricingColumns();
        columns.Resize(cases.Length);
        for (var fleet = 0; fleet < cases.Length; fleet++)
        {
            Fill(columns, fleet, cases[fleet].In);
        }
        kernel(columns);
        for (var fleet = 0; fleet < cases.Length; fleet++)
        {
            var (place, expected, capacity) = ($"$.tick[{fleet}].out", cases[fleet].Out, cases[fleet].In.Capacity);
            tally.CountCase();
            tally.Compare($"{place}.firm", expected.Firm, columns.Firm[fleet], capacity);
            tally.Compare($"{place}.total", expected.Total, columns.Total[fleet], capacity);
            tally.Compare($"{place}.interest", expected.Interest, columns.Interest[fleet]);
            tally.Compare($"{place}.x", expected.X, columns.LogRate[fleet]);
            tally.Compare($"{place}.rate", expected.Rate, columns.RateUsd[fleet]);
            tally.Compare($"{place}.target", expected.Target, columns.Target[fleet]);
        }
        return tally;
    }

    private static void Fill(PricingColumns columns, int fleet, ModelCases.TickState state)
    {
        columns.SetPolicy(
            fleet,
            new PricingPolicy(
                state.Wall,
                state.Floor,
                state.Ceiling,
                state.Monopoly,
                state.Elasticity,
                state.Beta,
                state.Kappa,
                state.Delta,
                state.Batch,
                state.MeanGpus
            )
        );
        columns.SetInputs(
            fleet,
            state.Capacity,
            state.Demand,
            state.MarginFirm,
            state.MarginSpot,
            state.Accepted,
            state.Frozen
        );
        columns.Interest[fleet] = (float)state.Interest;
        columns.LogRate[fleet] = (float)state.X;
    }
}
