using static DynamicSurplus.Leasing.LeaseEffect;
using static DynamicSurplus.Leasing.LeaseEvent;

namespace DynamicSurplus.Leasing;

public static partial class LeaseDecider
{
    /// <summary>
    /// Least life of a tombstone: 15 minutes. A request that may still reserve GPUs lives at most 30 s, so none comes
    /// after.
    /// </summary>
    private static readonly TimeSpan TombstoneLife = TimeSpan.FromMinutes(15);

    /// <summary>
    /// On a fast clock a request's 30 s of wall time are more than 15 minutes. They are six of the 5 s graces between
    /// its hold's expiry and lapse, which that clock stretches alike; a tombstone outlives twice that.
    /// </summary>
    private const int TombstoneGraces = 12;

    /// <summary>
    /// What must follow an event, in the order to perform it in: a time-out is set before what it guards.
    /// </summary>
    /// <param name="after">The lease with the event applied.</param>
    /// <remarks>
    /// Every ended lease had asked for machines, refused and late ones too: taking them back is always safe.
    /// </remarks>
    public static IReadOnlyList<LeaseEffect> React(Lease after, LeaseEvent happened) =>
        happened switch
        {
            Held => [new RefreshView(), new Publish()],
            Accepted => [new ScheduleWake(after.NextWake!.Value), new Grant(), new RefreshView(), new Publish()],
            Granted granted =>
            [
                Look(after),
                new MoveReservation(ReservationState.Active, granted.At),
                new RefreshView(),
                new Publish(),
            ],
            ReclaimDecided { Drill: true } => [new Notify(), new RefreshView(), new Publish()],
            ReclaimDecided decided =>
            [
                new MoveReservation(
                    ReservationState.InNotice,
                    decided.At,
                    InNoticeGpus: decided.Gpus < after.Gpus ? decided.Gpus : null
                ),
                new Notify(),
                new Publish(),
            ],
            NoticeSent => [Look(after), new RefreshView(), new Publish()],
            Rescinded { Reason: RescindReason.DrillOver } => [Look(after), new RefreshView(), new Publish()],
            Rescinded rescinded =>
            [
                Look(after),
                new MoveReservation(ReservationState.Active, rescinded.At, CoolDownUntil: rescinded.CoolDownUntil),
                new RefreshView(),
                new Publish(),
            ],
            Shrunk shrunk =>
            [
                Look(after),
                new MoveReservation(ReservationState.Active, shrunk.At, shrunk.Gpus),
                new Resize(shrunk.Gpus),
                new RefreshView(),
                new Publish(),
            ],
            Renewed renewed =>
            [
                Look(after),
                new MoveReservation(ReservationState.Active, renewed.At, Rate: renewed.Rate),
                new RefreshView(),
                new Publish(),
            ],
            NotRenewed or SpendReached => [Look(after), new Publish()],
            CushionLow or Credited => [new Publish()],
            Corrected => [new RefreshView(), new Publish()],
            Lapsed { Abandoned: not null } lapsed => [Release(lapsed), .. Forget(after)],
            Lapsed lapsed => [Release(lapsed), new RefreshView(), new Publish(), .. Forget(after)],
            Ended ended => [Release(ended), new Revoke(), new Settle(), new RefreshView(), new Publish()],
            Settled => [new RefreshView(), new Publish(), .. Forget(after)],
            _ => throw new ArgumentException($"{happened.GetType().Name} is no lease event.", nameof(happened)),
        };

    /// <summary>Every instant at which time alone changes it has a wake-up before it comes.</summary>
    private static ScheduleWake Look(Lease after) => new(after.NextWake!.Value);

    private static MoveReservation Release(LeaseEvent happened) => new(ReservationState.Released, happened.At);

    private static LeaseEffect[] Forget(Lease closed)
    {
        var graces = TombstoneGraces * (closed.LapsesAt - closed.ExpiresAt) ?? TimeSpan.Zero;
        var at = closed.LastEventAt + (graces > TombstoneLife ? graces : TombstoneLife);
        return [new ScheduleWake(at), new ForgetReservation(at)];
    }
}
