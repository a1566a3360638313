using DynamicSurplus.Risk;

namespace DynamicSurplus.Tests.Risk;

/// <summary>
/// The model's promise worked out slowly: each block scored from the whole path at once, nothing carried over.
/// </summary>
internal static class WholePath
{
    internal sealed record Step(long Index, double Free, double Capacity, bool Trusted);

    /// <param name="Steps">Positions in the path of the block's ticks.</param>
    /// <param name="ScoredAt">Position of the tick after which it was scored.</param>
    internal sealed record Block(IReadOnlyList<int> Steps, int ScoredAt, double Score);

    public static IReadOnlyList<Block> Score(IReadOnlyList<Step> path, int phase)
    {
        var blocks = new List<Block>();
        var closed = new Queue<List<int>>();
        var open = new List<int>();
        var isWaiting = false;
        var lastClose = long.MinValue / 2;
        for (var at = 0; at < path.Count; at++)
        {
            var step = path[at];
            var previous = at == 0 ? step.Index - 1 : path[at - 1].Index;
            var isKnown = step.Trusted && step.Capacity > 0;
            if (!isKnown || step.Index - previous > 60)
            {
                open = [];
                closed.Clear();
                isWaiting = true;
                lastClose = long.MinValue / 2;
            }
            if (!isKnown || (isWaiting && !HasBoundary(previous, step.Index - 1)))
            {
                continue;
            }
            isWaiting = false;
            var isCrossed = HasBoundary(open.Count > 0 ? previous + 1 : step.Index, step.Index);
            open.Add(at);
            if (!isCrossed || step.Index < lastClose + 15)
            {
                continue;
            }
            lastClose = step.Index;
            closed.Enqueue(open);
            open = [];
            if (closed.Count > 4)
            {
                var block = closed.Dequeue();
                blocks.Add(new(block, at, LargestFall(block, at)));
            }
        }
        return blocks;

        bool HasBoundary(long from, long to)
        {
            for (var index = from; index <= to; index++)
            {
                if ((index + phase) % 15 == 14)
                {
                    return true;
                }
            }
            return false;
        }

        double LargestFall(List<int> block, int to)
        {
            var largest = 0.0;
            foreach (var from in block)
            {
                for (var later = from; later <= to; later++)
                {
                    largest = Math.Max(largest, path[from].Free - path[later].Free);
                }
            }
            return Math.Min(1, largest / path[block[0]].Capacity);
        }
    }

    /// <summary>
    /// Weights of the first <paramref name="count"/> scores, the last one 1, each older one decayed once more.
    /// </summary>
    public static double[] Histogram(IReadOnlyList<Block> blocks, int count, double decay)
    {
        var histogram = new double[RiskHistogram.Bins];
        for (var i = 0; i < count; i++)
        {
            histogram[RiskHistogram.Bin(blocks[i].Score)] += Math.Pow(decay, count - 1 - i);
        }
        return histogram;
    }
}
