using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>
/// The owner's books in double entry: each posting debits one account and credits another, so that all balances add up
/// to 0.
/// </summary>
public sealed class Ledger
{
    private readonly SortedDictionary<LedgerAccount, (MicroUsd Debits, MicroUsd Credits)> _accounts = [];

    /// <summary>Those that were posted to, by kind and name.</summary>
    public IReadOnlyList<LedgerBalance> Accounts =>
        [.. _accounts.Select(account => new LedgerBalance(account.Key, account.Value.Debits, account.Value.Credits))];

    public MicroUsd Debits => _accounts.Values.Aggregate(MicroUsd.Zero, (sum, account) => sum + account.Debits);

    public MicroUsd Credits => _accounts.Values.Aggregate(MicroUsd.Zero, (sum, account) => sum + account.Credits);

    /// <summary>Of all accounts of a kind.</summary>
    public MicroUsd BalanceOf(LedgerAccountKind kind) =>
        Accounts
            .Where(account => account.Account.Kind == kind)
            .Aggregate(MicroUsd.Zero, (sum, account) => sum + account.Balance);

    public void Post(LedgerPosting posting)
    {
        var debited = _accounts.GetValueOrDefault(posting.Debit);
        _accounts[posting.Debit] = (debited.Debits + posting.Amount, debited.Credits);
        var credited = _accounts.GetValueOrDefault(posting.Credit);
        _accounts[posting.Credit] = (credited.Debits, credited.Credits + posting.Amount);
    }

    public void Post(Charge charge)
    {
        if (LedgerPosting.Of(charge) is { } posting)
        {
            Post(posting);
        }
    }

    public void Post(DisplacedEntry displaced)
    {
        if (LedgerPosting.Of(displaced) is { } posting)
        {
            Post(posting);
        }
    }
}
