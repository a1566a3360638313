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
                    .SkipWhile(happened => happened is LeaseEvent.Credited)
                    .SkipWhile(happened => happened is LeaseEvent.Settled)
                    .ShouldAllBe(happened => happened is LeaseEvent.Corrected);
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
                LeaseEvent.NoticeSent? sent = null;
                foreach (var happened in trail.Events)
                {
                    sent = happened is LeaseEvent.NoticeSent notice ? notice : sent;
                    if (
                        happened
                        is LeaseEvent.Ended { Reason: EndReason.Reclaimed }
                            or LeaseEvent.Shrunk
                            or LeaseEvent.Rescinded { Reason: RescindReason.DrillOver }
                    )
                    {
                        var isDrill = happened is LeaseEvent.Rescinded;
                        var promised = sent.ShouldNotBeNull().At + trail.Lease.Terms!.Notice;
                        // A drill's end is cut at the end of the term, which a renewal may then move.
                        happened.At.ShouldBe(isDrill ? sent.Deadline : promised);
                        sent.Deadline.ShouldBeLessThanOrEqualTo(promised);
                        sent.Drill.ShouldBe(isDrill ? true : null);
                        trail.Lease.Terms.Tier.ShouldBe(LeaseTier.Spot);
                    }
                    if (happened is LeaseEvent.Ended { Reason: EndReason.TermOver })
                    {
                        happened.At.ShouldBe(trail.Lease.EndsAt!.Value);
                        (trail.Lease.NoticeDeadline ?? happened.At).ShouldBeLessThanOrEqualTo(happened.At);
                    }
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
    public void Bill_is_what_a_meter_that_counts_each_second_says() =>
        LeaseScripts.Any.Sample(
            commands =>
            {
                var trail = Play(commands);
                var lease = trail.Lease;
                if (lease.Status != LeaseStatus.Settled)
                {
                    return;
                }
                var seconds = lease.GrantedAt is { } granted
                    ? (lease.EndedAt!.Value - granted).Ticks / TimeSpan.TicksPerSecond
                    : 0;
                var usage = SecondBySecond(trail.Events, seconds);
                var credits = trail.Events.OfType<LeaseEvent.Credited>().Sum(credit => credit.Amount.Value);
                var corrections = trail.Events.OfType<LeaseEvent.Corrected>().Sum(later => later.Amount.Value);

                lease.BilledSeconds.ShouldBe(seconds);
                lease.Amount.ShouldBe(new MicroUsd(Math.Max(0, usage - credits) + corrections));
                lease.Amount!.Value.Value.ShouldBeGreaterThanOrEqualTo(0);
                usage.ShouldBeLessThanOrEqualTo(lease.Terms!.SpendCap?.Value ?? long.MaxValue);
            },
            iter: Scripts / 10
        );

    [Fact]
    public void No_notice_comes_within_the_cool_down_of_one_that_was_withdrawn() =>
        LeaseScripts.Any.Sample(
            commands =>
            {
                var trail = Play(commands);
                var quietUntil = DateTimeOffset.MinValue;
                foreach (var happened in trail.Events)
                {
                    if (happened is LeaseEvent.ReclaimDecided { Drill: null })
                    {
                        happened.At.ShouldBeGreaterThanOrEqualTo(quietUntil);
                    }
                    if (happened is LeaseEvent.Rescinded { Reason: RescindReason.DemandFell })
                    {
                        quietUntil = happened.At + (trail.Lease.Terms!.ReclaimCoolDown ?? TimeSpan.Zero);
                    }
                }
            },
            iter: Scripts
        );

    [Fact]
    public void Drill_moves_no_reservation_and_no_cent() =>
        Gen.Select(LeaseScripts.InOrder, Gen.Int[0, 20])
            .Sample(
                (script, place) =>
                {
                    LeaseCommand[] commands =
                    [
                        .. script.Where(command => command is not LeaseCommand.Drill).Index().Select(Unique),
                    ];
                    var index = Math.Min(place, commands.Length - 1);
                    var drill = Given.Drill(at: 0) with { At = commands[index].At };
                    var day = commands[^1].At.AddDays(1);
                    LeaseCommand[] last = [Given.Wake(at: 0) with { At = day }, Given.Settle(at: 0) with { At = day }];
                    var without = Play([.. commands, .. last]);
                    var with = Play([.. commands[..index], drill, .. commands[index..], .. last]);

                    Outcome(with.Lease).ShouldBe(Outcome(without.Lease));
                    Moves(with).ShouldBe(Moves(without));
                },
                iter: Scripts
            );

    private static (MicroUsd?, long?, DateTimeOffset?, EndReason?, int) Outcome(Lease lease) =>
        (lease.Amount, lease.BilledSeconds, lease.EndedAt, lease.EndReason, lease.Gpus);

    private static IEnumerable<LeaseEffect> Moves(LeaseTrail trail) =>
        trail.Effects.Where(effect => effect is LeaseEffect.MoveReservation);

    /// <summary>
    /// Without confirmations that would be of the drill, and corrections, which may come sooner where it had the end of
    /// the lease found sooner.
    /// </summary>
    private static LeaseCommand Unique((int Index, LeaseCommand Command) item) =>
        (
            item.Command is LeaseCommand.ConfirmNotice or LeaseCommand.Correct
                ? Given.Wake(at: 0) with
                {
                    At = item.Command.At,
                }
                : item.Command
        ) with
        {
            Id = CommandId.From($"unique-{item.Index}"),
        };

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
        var happenings = new ConcurrentDictionary<Type, bool>();
        var seen = new ConcurrentDictionary<(LeaseStatus, EndReason?, bool), bool>();
        LeaseScripts.Any.Sample(
            commands =>
            {
                var trail = new LeaseTrail(Given.Id);
                foreach (var command in commands)
                {
                    foreach (var happened in trail.Do(command).Events)
                    {
                        happenings[happened.GetType()] = true;
                    }
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
        happenings.Keys.ShouldBe(typeof(LeaseEvent).GetNestedTypes().Except([typeof(LeaseEvent.NotRenewed)]), true);
        seen.Keys.ShouldContain(key => key.Item2 == EndReason.TermOver && key.Item3);
    }

    /// <summary>An acceptance is judged by its arrival: a lapse at the same instant does not come before it.</summary>
    private static bool IsInTime(LeaseCommand command, Lease lease) =>
        command is LeaseCommand.Accept && lease.Status == LeaseStatus.Held && command.At <= lease.ExpiresAt;

    /// <summary>
    /// Each whole second costs what was in force when it began, or came into force within it; what is alike from one
    /// change to the next is rounded together.
    /// </summary>
    private static long SecondBySecond(IEnumerable<LeaseEvent> events, long seconds)
    {
        var (rate, gpus) = (default(Rate), 0);
        var changes = new SortedDictionary<DateTimeOffset, (Rate Rate, int Gpus)>();
        foreach (var happened in events)
        {
            switch (happened)
            {
                case LeaseEvent.Held held:
                    (rate, gpus) = (held.Terms.Rate, held.Terms.Gpus);
                    break;
                case LeaseEvent.Granted:
                    changes[happened.At] = (rate, gpus);
                    break;
                case LeaseEvent.Renewed renewed:
                    rate = renewed.Rate;
                    changes[renewed.From] = (rate, gpus);
                    break;
                case LeaseEvent.Shrunk shrunk:
                    gpus = shrunk.Gpus;
                    changes[happened.At] = (changes.Last(change => change.Key <= happened.At).Value.Rate, gpus);
                    foreach (var later in changes.Keys.Where(at => at > happened.At).ToArray())
                    {
                        changes[later] = (changes[later].Rate, gpus);
                    }
                    break;
            }
        }
        if (changes.Count == 0)
        {
            return 0;
        }
        var start = changes.Keys.First();
        var spent = new Dictionary<DateTimeOffset, BigInteger>();
        for (var second = 0L; second < seconds; second++)
        {
            var (at, (price, count)) = changes.Last(c => Math.Floor((c.Key - start).TotalSeconds) <= second);
            spent[at] = spent.GetValueOrDefault(at) + ((BigInteger)price.Steps * count);
        }
        return spent.Values.Sum(units => (long)Math.Round((decimal)units / 36, MidpointRounding.ToEven));
    }

    private static LeaseTrail Play(LeaseCommand[] commands) => new LeaseTrail(Given.Id).After(commands);

    private static IEnumerable<LeaseEvent> Life(LeaseTrail trail) =>
        trail.Events.Where(happened => happened is not (LeaseEvent.Settled or LeaseEvent.Corrected));
}
