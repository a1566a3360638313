using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>
/// What must follow an event outside the lease. Stored with the event in one transaction and repeated until done, so
/// each is idempotent by (lease, version, index).
/// </summary>
public abstract record LeaseEffect
{
    /// <summary>Wake the lease then; earlier wake-ups stay.</summary>
    public sealed record ScheduleWake(DateTimeOffset At) : LeaseEffect;

    /// <summary>Ask the fleet's provisioner for the machines.</summary>
    public sealed record Grant : LeaseEffect;

    /// <summary>Ask the fleet's provisioner to take the machines back.</summary>
    public sealed record Revoke : LeaseEffect;

    /// <summary>Tell the fleet's provisioner how many of the machines stay with the lease.</summary>
    public sealed record Resize(int Gpus) : LeaseEffect;

    /// <summary>Tell the customer that the GPUs are taken back; then the command ConfirmNotice.</summary>
    public sealed record Notify : LeaseEffect;

    /// <summary>Move the lease's reservation in its fleet's capacity book.</summary>
    /// <param name="At">When the event that asks for it took effect, however late the effect is performed.</param>
    /// <param name="Gpus">Those it counts from now on; null: as before.</param>
    /// <param name="InNoticeGpus">Those of them that are being taken back; null: all, where it goes in notice.</param>
    /// <param name="Rate">What it costs from now on, or soon; null: as before.</param>
    /// <param name="CoolDownUntil">No notice before; null: as before.</param>
    public sealed record MoveReservation(
        ReservationState To,
        DateTimeOffset At,
        int? Gpus = null,
        int? InNoticeGpus = null,
        Rate? Rate = null,
        DateTimeOffset? CoolDownUntil = null
    ) : LeaseEffect;

    /// <summary>
    /// Remove the tombstone of the lease's reservation; stays pending until <paramref name="NotBefore"/>.
    /// </summary>
    public sealed record ForgetReservation(DateTimeOffset NotBefore) : LeaseEffect;

    /// <summary>The command Settle.</summary>
    public sealed record Settle : LeaseEffect;

    /// <summary>Bring the customer's view of the lease up to date.</summary>
    public sealed record RefreshView : LeaseEffect;

    /// <summary>Tell whoever listens outside of the event that asks for this.</summary>
    public sealed record Publish : LeaseEffect;
}
