using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Does what a lease's events ask for. Effects are idempotent and stay pending until done, so that a crash at any point
/// repeats and never loses; some are concluded by a command of their own, appended with the removal of the effect.
/// </summary>
public sealed partial class PerformLeaseEffects(
    LeaseStreams streams,
    ILeaseJournal journal,
    CapacityLedgers ledgers,
    ICapacityBooks books,
    IWakeups wakeups,
    ILeaseViews views,
    GrantMachines machines,
    IEventPublisher publisher,
    EngineClock clock,
    EngineOptions options,
    ILogger<PerformLeaseEffects> logger
)
{
    /// <summary>Performs everything pending until nothing more can be done now.</summary>
    /// <returns>The lease afterwards; what is still pending waits for its time, for machines, or for a retry.</returns>
    public async Task<LeaseState> RunAsync(LeaseState state, CancellationToken cancellationToken)
    {
        while (state.Pending.Count > 0)
        {
            var conclusions = await PerformAsync(state, cancellationToken);
            var silent = conclusions.Where(c => c is { IsDone: true, Command: null }).Select(c => c.Effect).ToList();
            var commanded = conclusions.Where(c => c.Command is not null).ToList();
            foreach (var (effect, _, command) in commanded)
            {
                // What is done beside it goes with the first command's events, in one transaction.
                var outcome = await streams.AppendAsync(state, command!, [effect, .. silent], cancellationToken);
                state = outcome.State;
                silent.Clear();
                if (command is LeaseCommand.ConfirmNotice)
                {
                    CountLateNotice(state);
                }
                if (outcome.Refusal?.Code == LeaseRefusalCode.NotGrantable && command is LeaseCommand.ConfirmGrant)
                {
                    // The lease ended while its machines were on the way.
                    await machines.RevokeAsync(state.Lease, cancellationToken);
                }
            }
            if (commanded.Count == 0)
            {
                if (silent.Count > 0)
                {
                    await journal.CompleteAsync(state.Lease.Id, [.. silent.Select(e => e.Stored)], cancellationToken);
                }
                return state.Without(silent);
            }
        }
        return state;
    }

    private async Task<IReadOnlyList<Conclusion>> PerformAsync(LeaseState state, CancellationToken cancellationToken)
    {
        // Moves of one reservation keep their order, and so do events on their way out; everything else is independent
        // of everything else.
        var moves = state.Pending.Where(o => o.Effect is LeaseEffect.MoveReservation or LeaseEffect.ForgetReservation);
        var events = state.Pending.Where(o => o.Effect is LeaseEffect.Publish).OrderBy(o => o.Stored.Version);
        var shown = state.Pending.Where(o => o.Effect is LeaseEffect.RefreshView).ToList();
        var others = state.Pending.Except(moves).Except(events).Except(shown).ToList();
        // Where a command is to follow, what it makes of the lease is what will be shown.
        var changes = others.Exists(o => o.Effect is LeaseEffect.Grant or LeaseEffect.Notify or LeaseEffect.Settle);
        var moved = MoveAsync();
        var published = PublishAsync();
        var showing = changes ? null : ShowAsync();
        var together = await Task.WhenAll(others.Select(o => GuardedAsync(state, o, cancellationToken)));
        showing ??= Array.Exists(together, c => c.Command is not null)
            ? Task.FromResult<List<Conclusion>>([])
            : ShowAsync();
        return [.. await moved, .. await published, .. await showing, .. together];

        // The row is made of the lease as it is: one write shows all that happened.
        async Task<List<Conclusion>> ShowAsync()
        {
            if (shown.Count == 0)
            {
                return [];
            }
            var put = await GuardedAsync(state, shown[0], cancellationToken);
            return shown.ConvertAll(o => put with { Effect = o });
        }

        async Task<List<Conclusion>> MoveAsync()
        {
            var concluded = new List<Conclusion>();
            foreach (var move in moves)
            {
                concluded.Add(await GuardedAsync(state, move, cancellationToken));
            }
            return concluded;
        }

        // Where one cannot be published, those after it wait: listeners see a lease's events in order.
        async Task<List<Conclusion>> PublishAsync()
        {
            var concluded = new List<Conclusion>();
            foreach (var happened in events)
            {
                concluded.Add(await GuardedAsync(state, happened, cancellationToken));
                if (!concluded[^1].IsDone)
                {
                    break;
                }
            }
            return concluded;
        }
    }

    /// <summary>A failure of one effect leaves it pending and lets the others go on.</summary>
    private async Task<Conclusion> GuardedAsync(
        LeaseState state,
        Outstanding effect,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await PerformAsync(state, effect, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            EngineMetrics.EffectFailures.Add(1);
            EffectFailed(state.Lease.Id, effect.Effect.GetType().Name, exception);
            return new(effect, IsDone: false);
        }
    }

    private async Task<Conclusion> PerformAsync(
        LeaseState state,
        Outstanding pending,
        CancellationToken cancellationToken
    )
    {
        var lease = state.Lease;
        var fleet = lease.Fleet!.Value;
        switch (pending.Effect)
        {
            case LeaseEffect.ScheduleWake wake:
                await wakeups.ScheduleAsync(new(lease.Id, fleet, wake.At), cancellationToken);
                return new(pending);
            case LeaseEffect.MoveReservation move:
                await ledgers.MoveAsync(fleet, lease.Id, move, pending.Stored.Version, cancellationToken);
                return new(pending);
            case LeaseEffect.ForgetReservation when pending.NotBefore > clock.UtcNow:
                return new(pending, IsDone: false);
            case LeaseEffect.ForgetReservation:
                await books.ForgetAsync(fleet, lease.Id, cancellationToken);
                return new(pending);
            case LeaseEffect.RefreshView:
                await views.PutAsync(LeaseView.Of(lease, state.LastHash), cancellationToken);
                return new(pending);
            case LeaseEffect.Publish:
                var happened = state.Events[(int)pending.Stored.Version - 1];
                await publisher.PublishAsync(happened, lease.Terms!, cancellationToken);
                return new(pending);
            case LeaseEffect.Grant when lease.Status != LeaseStatus.Granting:
                return new(pending); // confirmed by other means, or given up: nobody waits for them any more
            case LeaseEffect.Grant:
                return await GrantAsync(lease, pending, cancellationToken);
            case LeaseEffect.Revoke:
                await machines.RevokeAsync(lease, cancellationToken);
                return new(pending);
            case LeaseEffect.Resize resize:
                await machines.ResizeAsync(lease, resize.Gpus, cancellationToken);
                return new(pending);
            case LeaseEffect.Notify:
                // The notice is sent when it can be read among the lease's events: now.
                return new(
                    pending,
                    Command: new LeaseCommand.ConfirmNotice(
                        CommandOf(pending),
                        clock.UtcNow,
                        clock.Tick,
                        options.LateNotice
                    )
                );
            case LeaseEffect.Settle:
                return new(pending, Command: new LeaseCommand.Settle(CommandOf(pending), clock.UtcNow, clock.Tick));
            default:
                throw new InvalidOperationException($"No way to perform {pending.Effect.GetType().Name}.");
        }
    }

    private async Task<Conclusion> GrantAsync(Lease lease, Outstanding pending, CancellationToken cancellationToken) =>
        await machines.GrantAsync(lease, cancellationToken) switch
        {
            GrantAnswer.Granted => new(
                pending,
                Command: new LeaseCommand.ConfirmGrant(CommandOf(pending), clock.UtcNow, clock.Tick)
            ),
            GrantAnswer.Refused refused => new(
                pending,
                Command: new LeaseCommand.RefuseGrant(CommandOf(pending), clock.UtcNow, clock.Tick, refused.Detail)
            ),
            GrantAnswer.Pending { AskAgain: true } => new(pending, IsDone: false),
            _ => new(pending),
        };

    /// <summary>
    /// The customer has all of its notice all the same, for its clock starts when it is sent, and a credit.
    /// </summary>
    private void CountLateNotice(LeaseState state)
    {
        if (
            state.Events is [.., { Event: LeaseEvent.Credited { Reason: CreditReason.LateNotice } }]
            && state.Lease is { NoticeSentAt: { } sent, ReclaimDecidedAt: { } decided }
        )
        {
            EngineMetrics.LateNotices.Add(1);
            NoticeLate(state.Lease.Id, (sent - decided).TotalSeconds);
        }
    }

    private static CommandId CommandOf(Outstanding effect) =>
        CommandId.From($"effect-{effect.Stored.Version}-{effect.Stored.Index}");

    [LoggerMessage(LogLevel.Warning, "Lease {Lease}: {Effect} failed and stays pending.")]
    private partial void EffectFailed(LeaseId lease, string effect, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Lease {Lease}: its notice was sent {Seconds} s after the reclaim was decided.")]
    private partial void NoticeLate(LeaseId lease, double seconds);

    /// <param name="Command">What concludes the effect, where it takes a command.</param>
    private sealed record Conclusion(Outstanding Effect, bool IsDone = true, LeaseCommand? Command = null);
}
