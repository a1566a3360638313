using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>A share of a spend cap, and when a lease's cost reaches it.</summary>
/// <param name="Percent">50, 80 or 100.</param>
/// <param name="At">
/// Of 100: the last whole second at which the cost is still within the cap. Else the first at which it is the share.
/// </param>
public readonly record struct SpendMark(int Percent, DateTimeOffset At)
{
    public const int All = 100;
    private static readonly int[] Percents = [50, 80, All];

    /// <summary>
    /// The first mark above <paramref name="percentBefore"/>, or the last; null: it is never reached.
    /// </summary>
    public static SpendMark? Next(MicroUsd cap, LeaseMeter meter, int percentBefore)
    {
        if (!meter.IsRunning || meter.WhenStillWithin(cap) is not { } last)
        {
            return null;
        }
        var percent = percentBefore < All ? Array.Find(Percents, next => next > percentBefore) : All;
        // Where one second costs more than the rest of the cap, the end comes before the share is reached.
        var at = percent == All ? last : meter.WhenCosts(Share(cap, percent)) ?? last;
        return new(percent, at < last ? at : last);
    }

    /// <summary>Rounded up: a share is reached when it is all there.</summary>
    private static MicroUsd Share(MicroUsd cap, int percent) =>
        new((long)((((Int128)cap.Value * percent) + All - 1) / All));
}
