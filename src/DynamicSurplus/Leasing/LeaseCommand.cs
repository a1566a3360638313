using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>What somebody wants of a lease. A repeated id gives no events.</summary>
/// <param name="Id">Unique within the lease; a repeat changes nothing.</param>
/// <param name="At">When it was asked; the decision uses the later of this and the last event's time.</param>
/// <param name="CausingTick">The latest priced tick at that time.</param>
public abstract record LeaseCommand(CommandId Id, DateTimeOffset At, Tick CausingTick)
{
    /// <summary>
    /// Bind terms until <paramref name="ExpiresAt"/>; the hold lapses at <paramref name="LapsesAt"/>, a grace later.
    /// </summary>
    /// <param name="RequestHash">Of the request's body: a retry with the same key and another body is refused.</param>
    public sealed record Hold(
        CommandId Id,
        DateTimeOffset At,
        Tick CausingTick,
        LeaseTerms Terms,
        DateTimeOffset ExpiresAt,
        DateTimeOffset LapsesAt,
        string RequestHash
    ) : LeaseCommand(Id, At, CausingTick);

    /// <summary>
    /// GPUs were reserved for a hold whose stream never began: close the stream, so that the hold cannot come after its
    /// GPUs are freed. Changes nothing where the stream has begun.
    /// </summary>
    public sealed record Abandon(CommandId Id, DateTimeOffset At, Tick CausingTick, FleetId Fleet)
        : LeaseCommand(Id, At, CausingTick);

    /// <summary>
    /// Take the quote. <see cref="LeaseCommand.At"/> is the arrival of the request, by which it is judged.
    /// </summary>
    public sealed record Accept(CommandId Id, DateTimeOffset At, Tick CausingTick) : LeaseCommand(Id, At, CausingTick);

    /// <summary>The machines were handed over: billing starts.</summary>
    public sealed record ConfirmGrant(CommandId Id, DateTimeOffset At, Tick CausingTick)
        : LeaseCommand(Id, At, CausingTick);

    /// <summary>The machines will not be handed over.</summary>
    public sealed record RefuseGrant(CommandId Id, DateTimeOffset At, Tick CausingTick, string Detail)
        : LeaseCommand(Id, At, CausingTick);

    /// <summary>Take a spot lease's GPUs back with notice.</summary>
    /// <param name="Gpus">
    /// Fewer than it has: where its terms let it go on with the rest; null: all that it has then.
    /// </param>
    public sealed record Reclaim(
        CommandId Id,
        DateTimeOffset At,
        Tick CausingTick,
        ReclaimReason Reason,
        int? Gpus = null
    ) : LeaseCommand(Id, At, CausingTick);

    /// <summary>Let the customer see a reclaim, its notice and its end, without one.</summary>
    public sealed record Drill(CommandId Id, DateTimeOffset At, Tick CausingTick) : LeaseCommand(Id, At, CausingTick);

    /// <summary>The notice went out: its clock starts at <see cref="LeaseCommand.At"/>.</summary>
    /// <param name="LateAfter">Since the reclaim was decided; a later notice earns a credit. Null: none does.</param>
    public sealed record ConfirmNotice(CommandId Id, DateTimeOffset At, Tick CausingTick, TimeSpan? LateAfter = null)
        : LeaseCommand(Id, At, CausingTick);

    /// <summary>The GPUs are not needed any more: withdraw the notice, if there is still time.</summary>
    public sealed record Rescind(CommandId Id, DateTimeOffset At, Tick CausingTick) : LeaseCommand(Id, At, CausingTick);

    /// <summary>Another term after the present one, at the rate of this moment.</summary>
    /// <param name="EndsAtLatest">The last instant that the fleet can promise now: the term is cut there.</param>
    public sealed record Renew(
        CommandId Id,
        DateTimeOffset At,
        Tick CausingTick,
        TimeSpan Term,
        Rate Rate,
        DateTimeOffset EndsAtLatest
    ) : LeaseCommand(Id, At, CausingTick);

    /// <summary>It cannot be renewed by itself, for that reason.</summary>
    public sealed record DeclineRenewal(CommandId Id, DateTimeOffset At, Tick CausingTick, string Detail)
        : LeaseCommand(Id, At, CausingTick);

    /// <summary>Tell a spot lease's customer that its fleet has few GPUs left before notices go out.</summary>
    public sealed record Warn(CommandId Id, DateTimeOffset At, Tick CausingTick, int CushionGpus)
        : LeaseCommand(Id, At, CausingTick);

    /// <summary>The fleet has lost a firm lease's GPUs.</summary>
    public sealed record Fail(CommandId Id, DateTimeOffset At, Tick CausingTick, string Detail)
        : LeaseCommand(Id, At, CausingTick);

    /// <summary>The customer has no more use for it.</summary>
    public sealed record End(CommandId Id, DateTimeOffset At, Tick CausingTick) : LeaseCommand(Id, At, CausingTick);

    /// <summary>Time has passed: whatever is due by now happens; early or late, once or often.</summary>
    public sealed record Wake(CommandId Id, DateTimeOffset At, Tick CausingTick) : LeaseCommand(Id, At, CausingTick);

    /// <summary>Write the final statement.</summary>
    public sealed record Settle(CommandId Id, DateTimeOffset At, Tick CausingTick) : LeaseCommand(Id, At, CausingTick);

    /// <summary>Bill usage that was heard of after the settlement, or take back what was billed too much.</summary>
    /// <param name="GpuSeconds">Below 0: less was used than billed; not 0.</param>
    public sealed record Correct(CommandId Id, DateTimeOffset At, Tick CausingTick, long GpuSeconds, string Detail)
        : LeaseCommand(Id, At, CausingTick);
}
