namespace DynamicSurplus.Leasing;

/// <summary>Which notices to withdraw when demand has fallen back.</summary>
public static class RescindSelection
{
    /// <summary>
    /// The leases whose notices are not needed any more, those with the most to lose first: each goes on whose GPUs
    /// the rest of the notices do not miss.
    /// </summary>
    /// <param name="inNotice">In the order of their lease ids: GPUs being taken back, and what that costs, USD.</param>
    /// <param name="need">GPUs that must still come back, 0 or more; of those in notice.</param>
    /// <returns>Indices, ascending.</returns>
    public static int[] Select(ReadOnlySpan<ReclaimCandidate> inNotice, int need)
    {
        var spare = -need;
        var keys = new (double MinusLoss, int Index)[inNotice.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (-inNotice[i].Loss, i);
            spare += inNotice[i].Gpus;
        }
        Array.Sort(keys);
        var withdrawn = new List<int>();
        foreach (var (_, index) in keys)
        {
            if (inNotice[index].Gpus <= spare)
            {
                spare -= inNotice[index].Gpus;
                withdrawn.Add(index);
            }
        }
        withdrawn.Sort();
        return [.. withdrawn];
    }
}
