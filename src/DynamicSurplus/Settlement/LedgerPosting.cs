using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>An amount that moves from one account to another: the ledger changes in no other way.</summary>
/// <param name="Amount">Above 0.</param>
public sealed record LedgerPosting(LedgerAccount Debit, LedgerAccount Credit, MicroUsd Amount)
{
    /// <returns>Null where nothing is owed.</returns>
    public static LedgerPosting? Of(Charge charge)
    {
        var fleet = charge.Terms.Fleet.ToString();
        return Of(
            new(LedgerAccountKind.CustomerReceivable, charge.Terms.Tenant.ToString()),
            new(
                charge.Kind == StatementLineKind.Credit
                    ? LedgerAccountKind.FleetCredits
                    : LedgerAccountKind.FleetRevenue,
                fleet
            ),
            charge.Amount
        );
    }

    /// <returns>Null where nothing is owed.</returns>
    public static LedgerPosting? Of(DisplacedEntry displaced) =>
        Of(
            new(LedgerAccountKind.TeamDisplaced, displaced.Team),
            new(LedgerAccountKind.FleetDisplaced, displaced.Fleet.ToString()),
            displaced.Cost.Amount
        );

    /// <summary>An amount below 0 goes the other way.</summary>
    private static LedgerPosting? Of(LedgerAccount debit, LedgerAccount credit, MicroUsd amount) =>
        amount.Value switch
        {
            > 0 => new(debit, credit, amount),
            < 0 => new(credit, debit, MicroUsd.Zero - amount),
            0 => null,
        };
}
