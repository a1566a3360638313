using CsCheck;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Settlement;

public sealed class LedgerTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Charge> GenCharge =
        from tenant in Gen.Int[0, 5]
        from fleet in Gen.Int[0, 5]
        from kind in Gen.Enum<StatementLineKind>()
        from amount in Gen.Long[0, 1_000_000_000]
        select Charge($"tenant-{tenant}", $"fleet-{fleet}", kind, kind == StatementLineKind.Credit ? -amount : amount);

    private static readonly Gen<DisplacedEntry> GenDisplaced =
        from team in Gen.Int[0, 3]
        from fleet in Gen.Int[0, 5]
        from amount in Gen.Long[0, 1_000_000_000]
        select new DisplacedEntry(FleetId.Parse($"fleet-{fleet}"), $"team-{team}", new(amount, new(amount)));

    [Fact]
    public void Balances_add_up_to_nothing_whatever_is_posted()
    {
        Gen.Select(GenCharge.List[0, 50], GenDisplaced.List[0, 20])
            .Sample(
                (charges, displaced) =>
                {
                    var ledger = new Ledger();
                    charges.ForEach(ledger.Post);
                    displaced.ForEach(ledger.Post);

                    ledger.Accounts.Sum(account => account.Balance.Value).ShouldBe(0);
                    ledger.Debits.ShouldBe(ledger.Credits);
                    ledger
                        .BalanceOf(LedgerAccountKind.CustomerReceivable)
                        .Value.ShouldBe(charges.Sum(charge => charge.Amount.Value));
                    ledger
                        .BalanceOf(LedgerAccountKind.TeamDisplaced)
                        .Value.ShouldBe(displaced.Sum(entry => entry.Cost.Amount.Value));
                    ledger.Accounts.ShouldAllBe(account => account.Debits.Value >= 0 && account.Credits.Value >= 0);
                }
            );
    }

    [Fact]
    public void Each_posting_moves_an_amount_between_the_accounts_of_its_kind()
    {
        var ledger = new Ledger();
        ledger.Post(Charge("acme", "alpha", StatementLineKind.Usage, 1000));
        ledger.Post(Charge("acme", "alpha", StatementLineKind.Credit, -300));
        ledger.Post(Charge("acme", "alpha", StatementLineKind.Correction, 20));
        ledger.Post(new DisplacedEntry(FleetId.Parse("alpha"), "training", new(1, new(50))));

        ledger.Accounts.ShouldBe([
            Balance(LedgerAccountKind.CustomerReceivable, "acme", 1020, 300),
            Balance(LedgerAccountKind.FleetRevenue, "alpha", 0, 1020),
            Balance(LedgerAccountKind.FleetCredits, "alpha", 300, 0),
            Balance(LedgerAccountKind.TeamDisplaced, "training", 50, 0),
            Balance(LedgerAccountKind.FleetDisplaced, "alpha", 0, 50),
        ]);
    }

    private static LedgerBalance Balance(LedgerAccountKind kind, string name, long debits, long credits) =>
        new(new(kind, name), new(debits), new(credits));

    private static Charge Charge(string tenant, string fleet, StatementLineKind kind, long amount)
    {
        var terms = new LeaseTerms(
            TenantId.Parse(tenant),
            FleetId.Parse(fleet),
            LeaseTier.Spot,
            Gpus: 1,
            Term: TimeSpan.FromHours(1),
            Rate.FromUsd(1),
            MaxRate: null,
            Notice: TimeSpan.FromSeconds(120),
            MinimumRun: TimeSpan.Zero,
            GrantTimeout: TimeSpan.FromMinutes(10)
        );
        var id = LeaseId.For(terms.Tenant, "k");
        return new(id, terms, kind, terms.Rate, 1, Start, Start.AddSeconds(1), 1, new(amount));
    }
}
