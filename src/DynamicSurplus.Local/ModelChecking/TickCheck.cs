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
        columns.Capacity[fleet] = (float)state.Capacity;
        columns.Demand[fleet] = (float)state.Demand;
        columns.MarginFirm[fleet] = (float)state.MarginFirm;
        columns.MarginSpot[fleet] = (float)state.MarginSpot;
        columns.Accepted[fleet] = (float)state.Accepted;
        columns.Live[fleet] = state.Frozen ? 0 : 1;
        columns.Wall[fleet] = (float)state.Wall;
        columns.Elasticity[fleet] = (float)state.Elasticity;
        columns.Beta[fleet] = (float)state.Beta;
        columns.Kappa[fleet] = (float)state.Kappa;
        columns.Delta[fleet] = (float)state.Delta;
        columns.Batch[fleet] = (float)state.Batch;
        columns.MeanGpus[fleet] = (float)state.MeanGpus;
        columns.SetRates(fleet, state.Floor, state.Ceiling, state.Monopoly);
        columns.Interest[fleet] = (float)state.Interest;
        columns.LogRate[fleet] = (float)state.X;
    }
}
