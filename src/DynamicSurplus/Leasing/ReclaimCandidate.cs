using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>A spot lease that could be reclaimed, as far as the choice depends on it.</summary>
/// <param name="Gpus">1 or more.</param>
/// <param name="Loss">What reclaiming all of it costs, USD; see <see cref="LossOf"/>.</param>
/// <param name="IsSheltered">
/// Within its protected minimum run, or with a longer notice than the fleet's: its turn comes when the others do not
/// suffice.
/// </param>
/// <param name="MinGpus">
/// Fewest that it can go on with after a reclaim in part, 1 to <paramref name="Gpus"/>; 0: it goes whole.
/// </param>
public readonly record struct ReclaimCandidate(int Gpus, double Loss, bool IsSheltered = false, int MinGpus = 0)
{
    /// <summary>Most of a run that is worth anything to the loss: longer ones have written a checkpoint.</summary>
    private const double MostMinutesLost = 60;

    /// <summary>What starting again elsewhere takes.</summary>
    private const double RestartMinutes = 5;

    /// <summary>The candidate that an active spot lease's reservation makes.</summary>
    /// <param name="fleetNotice">The notice in the fleet's policy now.</param>
    public static ReclaimCandidate Of(Reservation reservation, TimeSpan fleetNotice, DateTimeOffset now)
    {
        var run = reservation.ActiveAt is { } start && now > start ? now - start : TimeSpan.Zero;
        return new(
            reservation.Gpus,
            LossOf(reservation.Rate, reservation.Gpus, run),
            run < reservation.MinimumRun || reservation.Notice > fleetNotice,
            reservation.MinGpus
        );
    }

    /// <summary>
    /// Whether its lease can be given notice: spot, running, and no notice withdrawn a short while ago.
    /// </summary>
    public static bool IsEligible(Reservation reservation, DateTimeOffset now) =>
        reservation is { State: ReservationState.Active, Tier: LeaseTier.Spot } && !(now < reservation.CoolDownUntil);

    /// <summary>Work lost by a reclaim, USD: rate × GPUs × (min(60, minutes run) + 5) / 60.</summary>
    public static double LossOf(Rate rate, int gpus, TimeSpan run) =>
        (double)rate.UsdPerGpuHour
        * gpus
        * (Math.Min(MostMinutesLost, run.TotalMinutes) + RestartMinutes)
        / TimeSpan.MinutesPerHour;

    /// <summary>Whether it can give up that many GPUs, fewer than it has, and go on.</summary>
    internal bool CanGive(int gpus) => MinGpus > 0 && Gpus - gpus >= MinGpus;
}
