using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class LeaseMatrixTests
{
    /// <summary>
    /// A cell is the event that follows, with what is particular to it; . for nothing; ! and the refusal.
    /// </summary>
    private const string InTime = """
        state      | Hold     | HoldOther       | Abandon | Accept           | ConfirmGrant  | RefuseGrant
        None       | Held     | Held            | Lapsed  | !NotFound        | !NotFound     | !NotFound
        Held       | .        | !AnotherRequest | .       | Accepted         | !NotGrantable | !NotGrantable
        Lapsed     | .        | !AnotherRequest | .       | !Expired         | !NotGrantable | .
        Abandoned  | !Expired | !Expired        | .       | !Expired         | !NotGrantable | .
        Granting   | .        | !AnotherRequest | .       | !AlreadyAccepted | Granted       | Ended NotGranted
        Spot       | .        | !AnotherRequest | .       | !AlreadyAccepted | .             | !AlreadyGranted
        Firm       | .        | !AnotherRequest | .       | !AlreadyAccepted | .             | !AlreadyGranted
        Reclaiming | .        | !AnotherRequest | .       | !AlreadyAccepted | .             | !AlreadyGranted
        InNotice   | .        | !AnotherRequest | .       | !AlreadyAccepted | .             | !AlreadyGranted
        InPart     | .        | !AnotherRequest | .       | !AlreadyAccepted | .             | !AlreadyGranted
        Drilling   | .        | !AnotherRequest | .       | !AlreadyAccepted | .             | !AlreadyGranted
        Ended      | .        | !AnotherRequest | .       | !AlreadyAccepted | !NotGrantable | .
        Settled    | .        | !AnotherRequest | .       | !AlreadyAccepted | !NotGrantable | .

        state      | Reclaim         | ConfirmNotice   | End                   | Wake | Settle
        None       | !NotFound       | !NotFound       | !NotFound             | .    | !NotFound
        Held       | !NotReclaimable | !NotReclaimable | Lapsed                | .    | !NotEnded
        Lapsed     | !NotReclaimable | !NotReclaimable | !AlreadyEnded         | .    | .
        Abandoned  | !NotReclaimable | !NotReclaimable | !AlreadyEnded         | .    | .
        Granting   | !NotReclaimable | !NotReclaimable | Ended EndedByCustomer | .    | !NotEnded
        Spot       | ReclaimDecided  | !NotReclaimable | Ended EndedByCustomer | .    | !NotEnded
        Firm       | !NotReclaimable | !NotReclaimable | Ended EndedByCustomer | .    | !NotEnded
        Reclaiming | .               | NoticeSent      | Ended EndedByCustomer | .    | !NotEnded
        InNotice   | .               | .               | Ended EndedByCustomer | .    | !NotEnded
        InPart     | .               | .               | Ended EndedByCustomer | .    | !NotEnded
        Drilling   | ReclaimDecided  | .               | Ended EndedByCustomer | .    | !NotEnded
        Ended      | !NotReclaimable | .               | !AlreadyEnded         | .    | Settled
        Settled    | !NotReclaimable | .               | !AlreadyEnded         | .    | .

        state      | Drill           | Rescind         | Renew           | DeclineRenewal
        None       | !NotFound       | !NotFound       | !NotFound       | !NotFound
        Held       | !NotReclaimable | !NotReclaimable | !NotRenewable   | .
        Lapsed     | !NotReclaimable | !NotReclaimable | !AlreadyEnded   | .
        Abandoned  | !NotReclaimable | !NotReclaimable | !AlreadyEnded   | .
        Granting   | !NotReclaimable | !NotReclaimable | !NotRenewable   | .
        Spot       | Drill           | .               | Renewed         | NotRenewed
        Firm       | !NotReclaimable | .               | Renewed         | NotRenewed
        Reclaiming | !BeingReclaimed | Rescinded       | !BeingReclaimed | .
        InNotice   | !BeingReclaimed | Rescinded       | !BeingReclaimed | .
        InPart     | !BeingReclaimed | Rescinded       | !BeingReclaimed | .
        Drilling   | .               | .               | Renewed         | NotRenewed
        Ended      | !NotReclaimable | .               | !AlreadyEnded   | .
        Settled    | !NotReclaimable | .               | !AlreadyEnded   | .

        state      | Warn       | Fail                        | Correct
        None       | !NotFound  | !NotFound                   | !NotFound
        Held       | .          | !NotFirm                    | !NotSettled
        Lapsed     | .          | !NotFirm                    | !NotSettled
        Abandoned  | .          | !NotFirm                    | !NotSettled
        Granting   | .          | !NotFirm                    | !NotSettled
        Spot       | CushionLow | !NotFirm                    | !NotSettled
        Firm       | .          | Ended FirmFailed + Credited | !NotSettled
        Reclaiming | .          | !NotFirm                    | !NotSettled
        InNotice   | .          | !NotFirm                    | !NotSettled
        InPart     | .          | !NotFirm                    | !NotSettled
        Drilling   | .          | !NotFirm                    | !NotSettled
        Ended      | .          | .                           | !NotSettled
        Settled    | .          | .                           | Corrected
        """;

    /// <summary>
    /// The same where the lease's next wake-up is a second overdue: what time has decided comes first.
    /// </summary>
    private const string Overdue = """
        state      | Hold | HoldOther       | Abandon          | Accept           | ConfirmGrant     | RefuseGrant
        Held       | .    | !AnotherRequest | Lapsed           | !Expired         | Lapsed           | Lapsed
        Granting   | .    | !AnotherRequest | Ended NotGranted | !AlreadyAccepted | Ended NotGranted | Ended NotGranted
        Spot       | .    | !AnotherRequest | Ended TermOver   | !AlreadyAccepted | Ended TermOver   | Ended TermOver
        Firm       | .    | !AnotherRequest | Ended TermOver   | !AlreadyAccepted | Ended TermOver   | Ended TermOver
        Reclaiming | .    | !AnotherRequest | Ended TermOver   | !AlreadyAccepted | Ended TermOver   | Ended TermOver
        InNotice   | .    | !AnotherRequest | Ended Reclaimed  | !AlreadyAccepted | Ended Reclaimed  | Ended Reclaimed
        InPart     | .    | !AnotherRequest | Shrunk           | !AlreadyAccepted | Shrunk           | !AlreadyGranted
        Drilling   | .    | !AnotherRequest | Rescinded        | !AlreadyAccepted | Rescinded        | !AlreadyGranted

        state      | Reclaim                    | ConfirmNotice    | End
        Held       | Lapsed                     | Lapsed           | Lapsed
        Granting   | Ended NotGranted           | Ended NotGranted | Ended NotGranted
        Spot       | Ended TermOver             | Ended TermOver   | Ended TermOver
        Firm       | Ended TermOver             | Ended TermOver   | Ended TermOver
        Reclaiming | Ended TermOver             | Ended TermOver   | Ended TermOver
        InNotice   | Ended Reclaimed            | Ended Reclaimed  | Ended Reclaimed
        InPart     | Shrunk + ReclaimDecided    | Shrunk           | Shrunk + Ended EndedByCustomer
        Drilling   | Rescinded + ReclaimDecided | Rescinded        | Rescinded + Ended EndedByCustomer

        state      | Wake             | Settle
        Held       | Lapsed           | Lapsed
        Granting   | Ended NotGranted | Ended NotGranted
        Spot       | Ended TermOver   | Ended TermOver
        Firm       | Ended TermOver   | Ended TermOver
        Reclaiming | Ended TermOver   | Ended TermOver
        InNotice   | Ended Reclaimed  | Ended Reclaimed
        InPart     | Shrunk           | !NotEnded
        Drilling   | Rescinded        | !NotEnded

        state      | Drill             | Rescind          | Renew               | DeclineRenewal
        Held       | Lapsed            | Lapsed           | Lapsed              | Lapsed
        Granting   | Ended NotGranted  | Ended NotGranted | Ended NotGranted    | Ended NotGranted
        Spot       | Ended TermOver    | Ended TermOver   | Ended TermOver      | Ended TermOver
        Firm       | Ended TermOver    | Ended TermOver   | Ended TermOver      | Ended TermOver
        Reclaiming | Ended TermOver    | Ended TermOver   | Ended TermOver      | Ended TermOver
        InNotice   | Ended Reclaimed   | Ended Reclaimed  | Ended Reclaimed     | Ended Reclaimed
        InPart     | Shrunk + Drill    | Shrunk           | Shrunk + Renewed    | Shrunk + NotRenewed
        Drilling   | Rescinded + Drill | Rescinded        | Rescinded + Renewed | Rescinded + NotRenewed

        state      | Warn                   | Fail             | Correct
        Held       | Lapsed                 | Lapsed           | Lapsed
        Granting   | Ended NotGranted       | Ended NotGranted | Ended NotGranted
        Spot       | Ended TermOver         | Ended TermOver   | Ended TermOver
        Firm       | Ended TermOver         | Ended TermOver   | Ended TermOver
        Reclaiming | Ended TermOver         | Ended TermOver   | Ended TermOver
        InNotice   | Ended Reclaimed        | Ended Reclaimed  | Ended Reclaimed
        InPart     | Shrunk + CushionLow    | !NotFirm         | !NotSettled
        Drilling   | Rescinded + CushionLow | !NotFirm         | !NotSettled
        """;

    private static readonly (string Name, Func<LeaseTrail> Lead)[] States =
    [
        ("None", () => new(Given.Id)),
        ("Held", () => Given.Held()),
        ("Lapsed", () => Given.Held().After(Given.Wake(at: 65))),
        ("Abandoned", () => new LeaseTrail(Given.Id).After(Given.Abandon(at: 0))),
        ("Granting", () => Given.Granting()),
        ("Spot", () => Given.Active(Given.Spot)),
        ("Firm", () => Given.Active(Given.Firm)),
        ("Reclaiming", Given.Reclaiming),
        ("InNotice", Given.InNotice),
        ("InPart", Given.InPart),
        ("Drilling", Given.Drilling),
        ("Ended", Given.Ended),
        ("Settled", Given.Settled),
    ];

    private static readonly (string Name, Func<DateTimeOffset, LeaseCommand> At)[] Commands =
    [
        ("Hold", at => Given.Hold() with { At = at }),
        ("HoldOther", at => Given.Hold(hash: "another body") with { At = at }),
        ("Abandon", at => Given.Abandon(at: 0) with { At = at }),
        ("Accept", at => Given.Accept() with { At = at }),
        ("ConfirmGrant", at => Given.ConfirmGrant() with { At = at }),
        ("RefuseGrant", at => Given.RefuseGrant() with { At = at }),
        ("Reclaim", at => Given.Reclaim() with { At = at }),
        ("ConfirmNotice", at => Given.ConfirmNotice() with { At = at }),
        ("End", at => Given.End(at: 0) with { At = at }),
        ("Wake", at => Given.Wake(at: 0) with { At = at }),
        ("Settle", at => Given.Settle(at: 0) with { At = at }),
        ("Drill", at => Given.Drill(at: 0) with { At = at }),
        ("Rescind", at => Given.Rescind(at: 0) with { At = at }),
        ("Renew", at => Given.Renew(at: 0, Given.Spot.Rate) with { At = at }),
        ("DeclineRenewal", at => Given.DeclineRenewal(at: 0) with { At = at }),
        ("Warn", at => Given.Warn(at: 0) with { At = at }),
        ("Fail", at => Given.Fail(at: 0) with { At = at }),
        ("Correct", at => Given.Correct(at: 0, gpuSeconds: 36) with { At = at }),
    ];

    [Fact]
    public void Every_state_answers_every_command_as_the_matrix_says() =>
        Matrix(States, lease => lease.LastEventAt > Given.Start ? lease.LastEventAt : Given.Start)
            .ShouldBe(Cells(InTime), ignoreOrder: true);

    [Fact]
    public void Every_command_to_an_overdue_lease_finds_what_time_has_decided()
    {
        var timed = States.Where(state => state.Lead().Lease.NextWake is not null);

        Matrix(timed, lease => lease.NextWake!.Value.AddSeconds(1)).ShouldBe(Cells(Overdue), ignoreOrder: true);
    }

    [Fact]
    public void The_matrix_knows_every_command_and_every_status()
    {
        Commands
            .Select(command => command.At(Given.Start).GetType())
            .Distinct()
            .ShouldBe(typeof(LeaseCommand).GetNestedTypes(), ignoreOrder: true);
        States
            .Select(state => state.Lead().Lease.Status)
            .Distinct()
            .ShouldBe(Enum.GetValues<LeaseStatus>(), ignoreOrder: true);
    }

    /// <summary>Each command as a fresh one, with an id that the lease has not handled.</summary>
    private static List<string> Matrix(
        IEnumerable<(string Name, Func<LeaseTrail> Lead)> states,
        Func<Lease, DateTimeOffset> at
    ) =>
        [
            .. from state in states
            from command in Commands
            let trail = state.Lead()
            let fresh = command.At(at(trail.Lease)) with
            {
                Id = CommandId.From("fresh"),
            }
            select $"{state.Name} {command.Name}: {Cell(trail.Do(fresh))}",
        ];

    private static string Cell(Decision decision) =>
        decision switch
        {
            { Refusal: { } refusal, Events: [] } => $"!{refusal.Code}",
            { Refusal: null, Events: [] } => ".",
            { Refusal: null } => string.Join(" + ", decision.Events.Select(Name)),
            _ => "events with a refusal",
        };

    private static string Name(LeaseEvent happened) =>
        happened switch
        {
            LeaseEvent.Ended ended => $"Ended {ended.Reason}",
            LeaseEvent.ReclaimDecided { Drill: true } => "Drill",
            _ => happened.GetType().Name,
        };

    private static List<string> Cells(string table) =>
        [
            .. from part in table.Split("\n\n")
            let rows = part.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries)).ToArray()
            from row in rows.Skip(1)
            from column in Enumerable.Range(1, row.Length - 1)
            select $"{row[0]} {rows[0][column]}: {row[column]}",
        ];
}
