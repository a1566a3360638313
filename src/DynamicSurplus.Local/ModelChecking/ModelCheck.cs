using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Risk;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Local.ModelChecking;

/// <summary>Runs the product's own functions on a file of cases.</summary>
internal static class ModelCheck
{
    private const double DoubleLimit = 1e-9;
    private const double Equal = 0;

    /// <exception cref="FormatException">
    /// A case is of the right form and makes no sense; the message names its place.
    /// </exception>
    public static IReadOnlyList<CheckTally> Run(ModelCases cases)
    {
        RequireWhole(cases.Tick, "tick");
        RequireWhole(cases.BlockEnd, "block_end");
        RequireWhole(cases.Reclaim, "reclaim");
        RequireWhole(cases.Interruption, "interruption");
        RequireWhole(cases.AmountMicroUsd, "amount_micro_usd");
        return
        [
            Edges(cases.Edges),
            .. TickCheck.Run(cases.Tick),
            Slices(cases.Tick),
            .. BlockEnd(cases.BlockEnd),
            Reclaim(cases.Reclaim),
            Interruptions(cases.Interruption),
            Amounts(cases.AmountMicroUsd),
        ];
    }

    private static CheckTally Edges(double[] edges)
    {
        var tally = new CheckTally("edges", Equal);
        tally.CountCase();
        tally.Compare("$.edges", edges, RiskHistogram.Edges);
        return tally;
    }

    private static CheckTally Slices(ModelCases.Case<ModelCases.TickState, ModelCases.TickResult>[] cases)
    {
        var tally = new CheckTally("surplus, double", DoubleLimit);
        ForEach(
            cases,
            "tick",
            tally,
            (place, input, expected) =>
            {
                var slice = SurplusSlice.Of(
                    input.Capacity,
                    input.Demand,
                    input.Wall,
                    input.MarginFirm,
                    input.MarginSpot
                );
                tally.Compare($"{place}.out.firm", expected.Firm, slice.Firm, input.Capacity);
                tally.Compare($"{place}.out.total", expected.Total, slice.Total, input.Capacity);
            }
        );
        return tally;
    }

    private static CheckTally[] BlockEnd(ModelCases.Case<ModelCases.BlockState, ModelCases.BlockResult>[] cases)
    {
        var state = new CheckTally("block_end", DoubleLimit);
        var margins = new CheckTally("block_end margins", Equal);
        var fleet = FleetId.Parse("checked");
        ForEach(
            cases,
            "block_end",
            state,
            (place, input, expected) =>
            {
                margins.CountCase();
                Require(input.H.Length == RiskHistogram.Bins, $"{place}.in.h", "give 16 weights");
                Require(input.Capacity > 0, $"{place}.in.capacity", "give GPUs above 0");
                var columns = new RiskColumns();
                columns.Add(fleet, new(input.EpsFirm, input.EpsSpot, input.Decay));
                input.H.CopyTo(columns.Histogram);
                columns.Weight[0] = input.Weight;
                columns.AlphaFirm[0] = input.AlphaFirm;
                columns.AlphaSpot[0] = input.AlphaSpot;
                var score = ReferenceRiskModel.Score(
                    columns,
                    0,
                    input.Drop,
                    input.Capacity,
                    input.MarginFirm,
                    input.MarginSpot
                );
                state.Compare($"{place}.out.score", expected.Score, score);
                state.Compare($"{place}.out.alpha_firm", expected.AlphaFirm, columns.AlphaFirm[0]);
                state.Compare($"{place}.out.alpha_spot", expected.AlphaSpot, columns.AlphaSpot[0]);
                state.Compare($"{place}.out.h", expected.H, columns.Histogram);
                state.Compare($"{place}.out.weight", expected.Weight, columns.Weight[0]);
                margins.Compare($"{place}.out.margin_firm", expected.MarginFirm, columns.MarginFirm[0]);
                margins.Compare($"{place}.out.margin_spot", expected.MarginSpot, columns.MarginSpot[0]);
            }
        );
        return [state, margins];
    }

    private static CheckTally Reclaim(ModelCases.Case<ModelCases.ReclaimState, int[]>[] cases)
    {
        var tally = new CheckTally("reclaim", Equal);
        ForEach(
            cases,
            "reclaim",
            tally,
            (place, input, expected) =>
            {
                var candidates = new ReclaimCandidate[input.Leases.Length];
                for (var i = 0; i < candidates.Length; i++)
                {
                    var lease = input.Leases[i];
                    Require(
                        lease is { Length: 2 }
                            && double.IsInteger(lease[0])
                            && lease[0] is >= 1 and <= LeaseTerms.MaxGpus,
                        $"{place}.in.leases[{i}]",
                        $"give whole GPUs, 1 to {LeaseTerms.MaxGpus}, and a loss"
                    );
                    candidates[i] = new((int)lease[0], lease[1]);
                }
                var indices = ReclaimSelection.Whole(candidates, input.Need);
                tally.Compare($"{place}.out", AsDoubles(expected), AsDoubles(indices));
            }
        );
        return tally;

        static double[] AsDoubles(int[] indices) => Array.ConvertAll(indices, static index => (double)index);
    }

    private static CheckTally Interruptions(ModelCases.Case<ModelCases.InterruptionState, double>[] cases)
    {
        var tally = new CheckTally("interruption", DoubleLimit);
        ForEach(
            cases,
            "interruption",
            tally,
            (place, input, expected) =>
            {
                Require(input.H.Length == RiskHistogram.Bins, $"{place}.in.h", "give 16 weights");
                var probability = Interruption.PerHorizon(
                    input.H,
                    input.Weight,
                    input.Free,
                    input.LeasedSpot,
                    input.Hazard
                );
                tally.Compare($"{place}.out", expected, probability);
            }
        );
        return tally;
    }

    private static CheckTally Amounts(ModelCases.Case<long[][], long>[] cases)
    {
        var tally = new CheckTally("amount_micro_usd", Equal);
        ForEach(
            cases,
            "amount_micro_usd",
            tally,
            (place, input, expected) =>
            {
                var segments = new MeterSegment[input.Length];
                for (var i = 0; i < segments.Length; i++)
                {
                    var segment = input[i];
                    Require(
                        segment is { Length: 3 }
                            && segment[0] is >= 0 and <= Rate.StepsPerUsd * 10_000
                            && segment[1] is >= 0 and <= int.MaxValue
                            && segment[2] >= 0,
                        $"{place}.in[{i}]",
                        "give rate steps (0 to 100,000,000), GPUs and seconds"
                    );
                    segments[i] = new(Rate.FromSteps((int)segment[0]), (int)segment[1], segment[2]);
                }
                var difference = (Int128)StatementAmount.Of(segments).Value - expected;
                tally.Compare($"{place}.out", 0, (double)difference);
            }
        );
        return tally;
    }

    private static void ForEach<TIn, TOut>(
        ModelCases.Case<TIn, TOut>[] cases,
        string function,
        CheckTally tally,
        Action<string, TIn, TOut> check
    )
    {
        for (var i = 0; i < cases.Length; i++)
        {
            tally.CountCase();
            check($"$.{function}[{i}]", cases[i].In, cases[i].Out);
        }
    }

    /// <summary>The serializer refuses a null where a member is, not where an element or a type parameter is.</summary>
    private static void RequireWhole<TIn, TOut>(ModelCases.Case<TIn, TOut>[] cases, string function)
    {
        for (var i = 0; i < cases.Length; i++)
        {
            Require(
                cases[i] is { In: not null, Out: not null },
                $"$.{function}[{i}]",
                "give an object with 'in' and 'out', not null"
            );
        }
    }

    private static void Require(bool isTrue, string place, string fix)
    {
        if (!isTrue)
        {
            throw new FormatException($"{place}: {fix}.");
        }
    }
}
