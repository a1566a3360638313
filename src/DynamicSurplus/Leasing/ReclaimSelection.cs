namespace DynamicSurplus.Leasing;

/// <summary>
/// Which leases to reclaim: cover the need at a loss of at most twice the least that whole leases allow, in
/// O(n log n). The greedy rule for the minimization knapsack (Csirik, Frenk, Labbé and Zhang, 1991), then a trim.
/// </summary>
/// <remarks>
/// Ties go to the earlier candidate: give candidates in the order of their lease ids, and the choice is a function of
/// state alone.
/// </remarks>
public static class ReclaimSelection
{
    /// <summary>
    /// By shelter: the least among those not sheltered; where these do not suffice, all of them and the least among the
    /// sheltered. Within each, <see cref="Partial"/>.
    /// </summary>
    /// <inheritdoc cref="Partial"/>
    public static ReclaimPart[] Select(ReadOnlySpan<ReclaimCandidate> candidates, int need)
    {
        var first = Group(candidates, isSheltered: false);
        var second = Group(candidates, isSheltered: true);
        var left = need;
        foreach (var index in first)
        {
            left -= candidates[index].Gpus;
        }
        ReclaimPart[] chosen = [.. Among(candidates, first, need), .. Among(candidates, second, left)];
        Array.Sort(chosen, static (a, b) => a.Index.CompareTo(b.Index));
        return chosen;
    }

    /// <summary>Whole leases, sheltered or not.</summary>
    /// <param name="candidates">In the order of their lease ids; each with 1 GPU or more and a loss ≥ 0.</param>
    /// <param name="need">GPUs to cover.</param>
    /// <returns>Indices, ascending: all where they do not suffice, none for a need of 0 or less.</returns>
    public static int[] Whole(ReadOnlySpan<ReclaimCandidate> candidates, int need) =>
        [.. Cover(candidates, need, inPart: false).Select(part => part.Index)];

    /// <summary>
    /// Whole leases in the order of their loss per GPU and the last in part, where its minimum allows and that is no
    /// dearer than <see cref="Whole"/>.
    /// </summary>
    /// <inheritdoc cref="Whole"/>
    /// <returns>
    /// By index, ascending; at most one is in part: it keeps its minimum, and the need is met exactly.
    /// </returns>
    public static ReclaimPart[] Partial(ReadOnlySpan<ReclaimCandidate> candidates, int need)
    {
        var whole = Cover(candidates, need, inPart: false);
        var parts = Cover(candidates, need, inPart: true);
        return Loss(candidates, parts) <= Loss(candidates, whole) ? [.. parts] : [.. whole];
    }

    /// <summary>What giving up some of a lease's GPUs costs, USD.</summary>
    private static double Loss(ReclaimCandidate candidate, int gpus) =>
        gpus == candidate.Gpus ? candidate.Loss : candidate.Loss * gpus / candidate.Gpus;

    private static double Loss(ReadOnlySpan<ReclaimCandidate> candidates, List<ReclaimPart> parts)
    {
        var loss = 0.0;
        foreach (var part in parts)
        {
            loss += Loss(candidates[part.Index], part.Gpus);
        }
        return loss;
    }

    private static List<ReclaimPart> Cover(ReadOnlySpan<ReclaimCandidate> candidates, int need, bool inPart)
    {
        var chosen = new List<ReclaimPart>(candidates.Length);
        if (need <= 0)
        {
            return chosen;
        }
        var left = need;
        var loss = 0.0;
        var best = (Loss: double.PositiveInfinity, Before: 0, Last: default(ReclaimPart));
        foreach (var index in ByLossPerGpu(candidates))
        {
            var candidate = candidates[index];
            if (candidate.Gpus < left)
            {
                chosen.Add(new(index, candidate.Gpus));
                loss += candidate.Loss;
                left -= candidate.Gpus;
                continue;
            }
            // It covers what is left: a possible end, at the price of all of it or of the part.
            var gpus = inPart && candidate.CanGive(left) ? left : candidate.Gpus;
            var total = loss + Loss(candidate, gpus);
            if (total < best.Loss)
            {
                best = (total, chosen.Count, new(index, gpus));
            }
        }
        if (double.IsFinite(best.Loss))
        {
            chosen.RemoveRange(best.Before, chosen.Count - best.Before);
            chosen.Add(best.Last);
            Trim(chosen, candidates, need);
        }
        chosen.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        return chosen;
    }

    /// <summary>Lets go of what the last choice made superfluous, the dearest first.</summary>
    private static void Trim(List<ReclaimPart> chosen, ReadOnlySpan<ReclaimCandidate> candidates, int need)
    {
        var keys = new (double MinusLoss, int Index)[chosen.Count];
        var spare = -need;
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (-candidates[chosen[i].Index].Loss, chosen[i].Index);
            spare += chosen[i].Gpus;
        }
        Array.Sort(keys);
        var freed = new HashSet<int>();
        foreach (var (_, index) in keys)
        {
            if (candidates[index].Gpus <= spare)
            {
                spare -= candidates[index].Gpus;
                freed.Add(index);
            }
        }
        chosen.RemoveAll(part => freed.Contains(part.Index));
    }

    private static int[] ByLossPerGpu(ReadOnlySpan<ReclaimCandidate> candidates)
    {
        var keys = new (double LossPerGpu, int Gpus, int Index)[candidates.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (candidates[i].Loss / candidates[i].Gpus, candidates[i].Gpus, i);
        }
        Array.Sort(keys);
        return Array.ConvertAll(keys, static key => key.Index);
    }

    private static int[] Group(ReadOnlySpan<ReclaimCandidate> candidates, bool isSheltered)
    {
        var indices = new List<int>();
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i].IsSheltered == isSheltered)
            {
                indices.Add(i);
            }
        }
        return [.. indices];
    }

    private static IEnumerable<ReclaimPart> Among(ReadOnlySpan<ReclaimCandidate> candidates, int[] group, int need)
    {
        var members = new ReclaimCandidate[group.Length];
        for (var i = 0; i < group.Length; i++)
        {
            members[i] = candidates[group[i]];
        }
        return Partial(members, need).Select(part => part with { Index = group[part.Index] });
    }
}
