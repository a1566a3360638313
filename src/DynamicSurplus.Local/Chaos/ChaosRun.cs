using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Local.Simulation;

namespace DynamicSurplus.Local.Chaos;

/// <summary>
/// Kills the local host at random instants while customers lease and an owner takes GPUs back, and holds what is left,
/// and what comes of it, to every answer that anybody got.
/// </summary>
/// <param name="folder">New: the host's data folder.</param>
internal sealed class ChaosRun(string folder, int kills, long seed, TextWriter progress)
{
    /// <summary>A tick each second of the wall's.</summary>
    private const double Speed = 60;

    private const int CustomersOfEach = 8;

    /// <summary>After so many at the latest a host is killed, or after <see cref="Patience"/>.</summary>
    private const int MostAnswers = 120;

    /// <summary>Share of the kills that meet a host which still starts.</summary>
    private const double EarlyShare = 0.15;

    /// <summary>Leases that are looked at again after a restart.</summary>
    private const int Looks = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Startup = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(120);

    private readonly RandomStream _dice = new((ulong)seed);
    private readonly ChaosLedger _ledger = new();
    private readonly List<ChaosClient> _clients = [];

    public async Task<ChaosReport> RunAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var keys = HostKeys.Of(folder, ["aurora-labs", "boreal-ai", "cirrus-render"]);
        await using var host = new ChaosHost(folder, Speed);
        using var closing = new CancellationTokenSource();
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            host.Launch();
            await host.ReadyAsync(all.Token);
            var owner = new ChaosOwner(Client(host, keys.Operator), _ledger, Dice());
            await owner.RegisterAsync(all.Token);
            var tenants = keys.Customers.ToDictionary(c => c.Key, c => Client(host, c.Value), StringComparer.Ordinal);
            var customers = tenants
                .SelectMany(t => Enumerable.Range(1, CustomersOfEach).Select(n => Customer(t.Key, n, t.Value)))
                .ToList();
            var owning = owner.RunAsync(closing.Token, all.Token);
            var leasing = customers.Select(c => c.RunAsync(closing.Token, all.Token)).ToList();

            var early = await KillAsync(host, tenants, owning, leasing, all.Token);

            await closing.CancelAsync();
            await Task.WhenAll(leasing);
            await SettleAsync(customers, tenants, all.Token);
            foreach (var promise in _ledger.Promises)
            {
                await new ChaosVerdict(_ledger).JudgeAsync(promise, tenants[promise.Tenant], all.Token);
            }
            await all.CancelAsync();
            var audit = await LastAuditAsync(host, cancellationToken);
            return new(
                kills,
                early,
                _clients.Sum(client => client.Answered),
                _clients.Sum(client => client.Repeated),
                audit,
                _ledger.Violations
            );
        }
        finally
        {
            await all.CancelAsync();
            _clients.ForEach(client => client.Dispose());
        }
    }

    /// <returns>How many met a host that still started.</returns>
    private async Task<int> KillAsync(
        ChaosHost host,
        IReadOnlyDictionary<string, ChaosClient> tenants,
        Task owning,
        IReadOnlyList<Task> leasing,
        CancellationToken cancellationToken
    )
    {
        var early = 0;
        for (var kill = 1; kill <= kills; kill++)
        {
            var isEarly = kill > 1 && _dice.NextUniform() < EarlyShare;
            early += isEarly ? 1 : 0;
            if (!isEarly)
            {
                await host.ReadyAsync(cancellationToken);
                await LookAsync(tenants, cancellationToken);
            }
            await InstantAsync(isEarly, cancellationToken);
            foreach (var ended in leasing.Append(owning).Where(task => task.IsFaulted))
            {
                await ended;
            }
            await host.KillAsync();
            if (await host.AuditAsync(cancellationToken) is { } left)
            {
                foreach (var divergence in left.Findings)
                {
                    _ledger.Violate($"after kill {kill}: {divergence}");
                }
                await progress.WriteLineAsync(
                    $"kill {kill}{(isEarly ? " while it started" : "")}: {left.Counts.Leases} leases, "
                        + $"{left.Counts.PendingEffects} effects pending, {left.TakenGpus} GPUs taken, "
                        + $"violations {_ledger.Violations.Count}"
                );
            }
            host.Launch();
        }
        await host.ReadyAsync(cancellationToken);
        return early;
    }

    /// <summary>
    /// A random instant: where the host answers, counted in its answers, for machines are fast and slow; not for ever.
    /// </summary>
    private async Task InstantAsync(bool isEarly, CancellationToken cancellationToken)
    {
        var (answers, until) = (_clients.Sum(client => client.Answered), (int)(MostAnswers * _dice.NextUniform()));
        var patience = Task.Delay(isEarly ? Startup * _dice.NextUniform() : Patience, cancellationToken);
        while (!patience.IsCompleted && (isEarly || _clients.Sum(client => client.Answered) - answers < until))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
        }
        await Task.Delay(TimeSpan.FromMilliseconds(100 * _dice.NextUniform()), cancellationToken);
    }

    /// <summary>Leases that were there before the kill are there after it, and no less far.</summary>
    private async Task LookAsync(IReadOnlyDictionary<string, ChaosClient> tenants, CancellationToken cancellationToken)
    {
        var accepted = _ledger.Promises.Where(promise => promise.IsAccepted).ToList();
        for (var look = 0; look < Looks && accepted.Count > 0; look++)
        {
            var promise = accepted[(int)(_dice.NextUniform() * accepted.Count)];
            var least = promise.Rank;
            var answer = await tenants[promise.Tenant].GetAsync($"v1/leases/{promise.Id}", cancellationToken);
            _ledger.Violate(
                promise,
                answer.IsSuccess
                    ? promise.Contradiction(answer.Body, least)
                    : $"it was accepted, and the host says {(int)answer.Status} {answer.Body}"
            );
        }
    }

    /// <summary>Customers give back what they have; in time nothing is left that lives.</summary>
    private async Task SettleAsync(
        IReadOnlyList<ChaosCustomer> customers,
        Dictionary<string, ChaosClient> tenants,
        CancellationToken cancellationToken
    )
    {
        var open = _ledger.Promises.ToList();
        var patience = Task.Delay(SettleWithin, cancellationToken);
        while (open.Count > 0 && !patience.IsCompleted)
        {
            await Parallel.ForEachAsync(
                open.Where(promise => promise.Rank < ChaosPromise.Ended),
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
                async (promise, token) =>
                    await customers
                        .First(c => string.Equals(c.Tenant, promise.Tenant, StringComparison.Ordinal))
                        .EndAsync(promise, token)
            );
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
            foreach (var promise in open)
            {
                var least = promise.Rank;
                var answer = await tenants[promise.Tenant].GetAsync($"v1/leases/{promise.Id}", cancellationToken);
                _ledger.Violate(promise, answer.IsSuccess ? promise.Contradiction(answer.Body, least) : "it is gone");
            }
            open.RemoveAll(promise => promise.IsSettled);
        }
        open.ForEach(promise =>
            _ledger.Violate(promise, $"it is not settled {SettleWithin.TotalSeconds} s after its end")
        );
        // A hold that was cut off before anybody heard of it lapses by itself.
        await Task.Delay(TimeSpan.FromSeconds(16), cancellationToken);
    }

    /// <summary>With nobody left, nothing is held, and what the host has booked is what customers were told.</summary>
    private async Task<AuditReport> LastAuditAsync(ChaosHost host, CancellationToken cancellationToken)
    {
        await host.KillAsync();
        var audit =
            await host.AuditAsync(cancellationToken) ?? throw new InvalidOperationException("the storage is gone");
        foreach (var divergence in audit.Findings)
        {
            _ledger.Violate($"at the end: {divergence}");
        }
        if (audit.TakenGpus != 0 || audit.LiveReservations != 0)
        {
            _ledger.Violate($"at the end {audit.TakenGpus} GPUs in {audit.LiveReservations} reservations are nobody's");
        }
        var booked = audit.Leases.ToDictionary(lease => lease.Id);
        foreach (var promise in _ledger.Promises.Where(promise => !booked.ContainsKey(promise.Id)))
        {
            _ledger.Violate(promise, "no journal knows it");
        }
        foreach (var lease in audit.Leases)
        {
            if (!_ledger.WasAsked(lease.Id))
            {
                _ledger.Violate($"lease {lease.Id}: nobody asked for it");
            }
            if (lease.Status is not (LeaseStatus.Settled or LeaseStatus.Lapsed))
            {
                _ledger.Violate($"lease {lease.Id}: at the end it is {lease.Status}");
            }
        }
        foreach (var notice in audit.Notices.Where(notice => !notice.IsKept))
        {
            _ledger.Violate($"a notice of {notice.Promised} was promised, {notice.Given} was given");
        }
        return audit;
    }

    private ChaosCustomer Customer(string tenant, int number, ChaosClient client) =>
        new(tenant, number, client, _ledger, Dice());

    private ChaosClient Client(ChaosHost host, string key)
    {
        var client = new ChaosClient(host, key);
        _clients.Add(client);
        return client;
    }

    private RandomStream Dice() => new(_dice.NextBits());
}
