using System.Collections.Concurrent;
using System.Numerics;
using CsCheck;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class LeaseScriptTests
{
    private const int Scripts = 5_000;

    [Fact]
    public void Same_commands_make_the_same_events() =>
        LeaseScripts.Any.Sample(
            commands =>
            {
                Play(commands).Envelopes.ShouldBe(Play(commands).Envelopes);
                Play(commands).Effects.ShouldBe(Play(commands).Effects);
            },
            iter: Scripts
        );

    [Fact]
    public void Events_alone_make_the_same_lease() =>
        LeaseScripts.Any.Sample(
            commands =>
            {
                var trail = Play(commands);

                trail.Envelopes.Aggregate(Lease.None(Given.Id), LeaseDecider.Evolve).ShouldBe(trail.Lease);
                trail.Lease.Version.ShouldBe(trail.Envelopes.Count);
            },
            iter: Scripts
        );

    [Fact]
    public void Repeated_command_gives_no_events_whenever_it_comes() =>
        LeaseScripts.Any.Sample(
            commands =>
            {
                var trail = new LeaseTrail(Given.Id);
                foreach (var (index, command) in commands.Index())
                {
                    trail.Do(command);
                    foreach (
                        var earlier in commands
                            .Take(index + 1)
                            .Where(earlier => trail.Lease.Handled.Contains(earlier.Id))
                    )
                    {
                        trail.Do(earlier with { At = command.At.AddDays(1) }).Events.ShouldBeEmpty();
                    }
                }
            },
            iter: Scripts / 10
        );

    [Fact]
    public void Times_never_go_backwards() =>
        LeaseScripts.Any.Sample(
            commands =>
            {
                var times = Play(commands).Events.Select(happened => happened.At).ToArray();

                times.ShouldBe(times.Order());
            },
            iter: Scripts
        );

    [Fact]
    public void Lease_is_over_once_and_settled_once() =>
        LeaseScripts.Any.Sample(
            commands =>
            {
                var events = Play(commands).Events.ToArray();

                events
                    .Count(happened => happened is LeaseEvent.Lapsed or LeaseEvent.Ended)
                    .ShouldBeLessThanOrEqualTo(1);
                events.SkipWhile(happened => happened is not LeaseEvent.Lapsed).Skip(1).ShouldBeEmpty();
                events
                    .SkipWhile(happened => happened is not LeaseEvent.Ended)
                    .Skip(1)
                    .ShouldAllBe(happened => happened is LeaseEvent.Settled);
                events.Count(happened => happened is LeaseEvent.Settled).ShouldBeLessThanOrEqualTo(1);
            },
            iter: Scripts
        );

    [Fact]
    public void Forced_end_is_exactly_at_the_promised_instant_and_never_takes_a_firm_lease() =>
        LeaseScripts.Any.Sample(
            commands =>
            {
                var trail = Play(commands);
                var events = trail.Events.ToArray();
                var sent = events.OfType<LeaseEvent.NoticeSent>().SingleOrDefault();

                foreach (
                    var ended in events.OfType<LeaseEvent.Ended>().Where(ended => ended.Reason == EndReason.Reclaimed)
                )
                {
                    ended.At.ShouldBe(sent.ShouldNotBeNull().At + trail.Lease.Terms!.Notice);
                    ended.At.ShouldBeLessThan(trail.Lease.EndsAt!.Value);
                    trail.Lease.Terms.Tier.ShouldBe(LeaseTier.Spot);
                }
                foreach (
                    var ended in events.OfType<LeaseEvent.Ended>().Where(ended => ended.Reason == EndReason.TermOver)
                )
                {
                    ended.At.ShouldBe(trail.Lease.EndsAt!.Value);
                    ended.At.ShouldBeLessThanOrEqualTo((sent?.At + trail.Lease.Terms!.Notice) ?? ended.At);
                }
            },
            iter: Scripts
        );

    [Fact]
    public void Acceptance_counts_exactly_where_it_arrived_in_time_at_a_held_lease() =>
        LeaseScripts.Any.Sample(
            commands =>
            {
                var trail = new LeaseTrail(Given.Id);
                foreach (var command in commands)
                {
                    var before = trail.Lease;
                    var isAccepted = trail.Do(command).Events is [LeaseEvent.Accepted];

                    isAccepted.ShouldBe(
                        command is LeaseCommand.Accept
                            && before.Status == LeaseStatus.Held
                            && command.At <= before.ExpiresAt
                            && !before.Handled.Contains(command.Id)
                    );
                }
            },
            iter: Scripts
        );

    [Fact]
    public void Wake_ups_on_time_change_nothing_that_late_ones_would_not_find() =>
        LeaseScripts.InOrder.Sample(
            commands =>
            {
                LeaseCommand last = Given.Wake(at: 0) with { At = commands[^1].At.AddDays(1) };
                var late = new LeaseTrail(Given.Id).After([.. commands, last]);
                var punctual = new LeaseTrail(Given.Id);
                foreach (var command in commands.Append(last))
                {
                    while (
                        punctual.Lease.NextWake is { } due && due <= command.At && !IsInTime(command, punctual.Lease)
                    )
                    {
                        var wake = Given.Wake(at: 0) with { Id = CommandId.From($"timer-{due:O}"), At = due };
                        punctual.Do(wake).Events.ShouldNotBeEmpty();
                    }
                    punctual.Do(command);
                }

                // A settlement that finds the lease overdue ends it, and comes later; what it settles is the same.
                Life(punctual).ShouldBe(Life(late));
            },
            iter: Scripts
        );

    [Fact]
    public void Bill_is_the_exact_product_rounded_once() =>
        LeaseScripts.Any.Sample(
            commands =>
            {
                var lease = Play(commands).Lease;
                if (lease is not { Status: LeaseStatus.Settled, Terms: { } terms })
                {
                    return;
                }
                var ticks = lease.GrantedAt is { } granted ? (lease.EndedAt!.Value - granted).Ticks : 0;
                var seconds = new BigInteger(ticks) / TimeSpan.TicksPerSecond;
                var microUsd = (decimal)(seconds * terms.Gpus * terms.Rate.Steps) / 36;

                lease.BilledSeconds.ShouldBe((long)seconds);
                lease.Amount.ShouldBe(new MicroUsd((long)Math.Round(microUsd, MidpointRounding.ToEven)));
                TimeSpan.FromSeconds((long)seconds).ShouldBeLessThanOrEqualTo(terms.Term);
            },
            iter: Scripts
        );

    [Fact]
    public void Every_lease_that_is_over_gives_its_gpus_back_once_and_machines_that_were_asked_for() =>
        LeaseScripts.Any.Sample(
            commands =>
            {
                var trail = Play(commands);
                var isOver = trail.Lease.Status is LeaseStatus.Lapsed or LeaseStatus.Ended or LeaseStatus.Settled;
                var releases = trail.Effects.OfType<LeaseEffect.MoveReservation>().Select(move => move.To);

                releases.Count(to => to == ReservationState.Released).ShouldBe(isOver ? 1 : 0);
                trail
                    .Effects.OfType<LeaseEffect.Revoke>()
                    .Count()
                    .ShouldBe(isOver ? trail.Effects.OfType<LeaseEffect.Grant>().Count() : 0);
            },
            iter: Scripts
        );

    [Fact]
    public void Every_timed_state_is_woken() =>
        LeaseScripts.Any.Sample(
            commands =>
            {
                var trail = Play(commands);
                var scheduled = trail.Effects.OfType<LeaseEffect.ScheduleWake>().Select(wake => wake.At);

                // The hold's wake-up is scheduled before the hold itself.
                if (trail.Lease is { NextWake: { } due, Status: not LeaseStatus.Held })
                {
                    scheduled.ShouldContain(due);
                }
            },
            iter: Scripts
        );

    [Fact]
    public void Scripts_reach_every_state_and_every_end()
    {
        var seen = new ConcurrentDictionary<(LeaseStatus, EndReason?, bool), bool>();
        LeaseScripts.Any.Sample(
            commands =>
            {
                var trail = new LeaseTrail(Given.Id);
                foreach (var command in commands)
                {
                    trail.Do(command);
                    seen[(trail.Lease.Status, trail.Lease.EndReason, trail.Lease.NoticeSentAt is not null)] = true;
                }
            },
            iter: Scripts
        );

        seen.Keys.Select(key => key.Item1).Distinct().ShouldBe(Enum.GetValues<LeaseStatus>(), ignoreOrder: true);
        seen.Keys.Where(key => key.Item1 == LeaseStatus.Settled)
            .Select(key => key.Item2!.Value)
            .Distinct()
            .ShouldBe(Enum.GetValues<EndReason>(), ignoreOrder: true);
        seen.Keys.ShouldContain(key => key.Item2 == EndReason.TermOver && key.Item3);
    }

    /// <summary>An acceptance is judged by its arrival: a lapse at the same instant does not come before it.</summary>
    private static bool IsInTime(LeaseCommand command, Lease lease) =>
        command is LeaseCommand.Accept && lease.Status == LeaseStatus.Held && command.At <= lease.ExpiresAt;

    private static LeaseTrail Play(LeaseCommand[] commands) => new LeaseTrail(Given.Id).After(commands);

    private static IEnumerable<LeaseEvent> Life(LeaseTrail trail) =>
        trail.Events.Where(happened => happened is not LeaseEvent.Settled);
}
