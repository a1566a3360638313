using DynamicSurplus.Cloud;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Faults;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>
/// Leases are made, ended and reclaimed while one request to storage in twenty goes wrong: refused, lost, or done
/// without an answer. Whoever got no answer asks again, as clients do. Then storage heals, time does the rest, and
/// everything agrees.
/// </summary>
public sealed class FaultyStorageTests(AzuriteFixture azurite)
{
    private const double FaultRate = 0.05;
    private const int Worlds = 4;
    private const int Minutes = 6;
    private const int Customers = 4;
    private const int Tries = 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Faults_lose_no_lease_hold_no_gpu_for_nobody_and_charge_nobody_twice()
    {
        await azurite.StorageAsync(); // warm
        var seeds = Enumerable.Range(0, Worlds).Select(_ => Random.Shared.Next()).ToArray();

        var faults = (await Task.WhenAll(seeds.Select(RunAsync))).SelectMany(injected => injected).ToLookup(f => f.Key);

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"seeds {string.Join(' ', seeds)}: "
                + string.Join(", ", faults.Select(kind => $"{kind.Key} {kind.Sum(world => world.Value)}"))
        );
        faults.Sum(kind => kind.Sum(world => world.Value)).ShouldBeGreaterThan(40);
    }

    private async Task<IReadOnlyDictionary<StorageFault, int>> RunAsync(int seed)
    {
        var storage = new FaultyStorage(seed, FaultRate);
        var connection = await azurite.ConnectionStringAsync();
        var clients = StorageClients.From(connection, AzuriteFixture.UniqueName(), storage);
        await UntilItWorksAsync(() => clients.EnsureCreatedAsync(Stop));
        var world = new LeaseWorld();
        await using var process = world.Start(services: services => services.AddAzureStorage(clients));
        await UntilItWorksAsync(() => world.RegisterAsync(process, Stop));

        var told = await ScriptAsync(world, process, new Random(seed));
        storage.Heal();
        for (var minute = 0; minute < 35; minute++)
        {
            await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        }
        var audit = await process.GetRequiredService<AuditBooks>().RunAsync(Stop);

        audit.Findings.ShouldBeEmpty($"seed {seed}");
        audit.TakenGpus.ShouldBe(0, $"seed {seed}");
        audit.Notices.ShouldAllBe(notice => notice.IsKept);
        audit.Leases.ShouldAllBe(lease => lease.Status == LeaseStatus.Settled || lease.Status == LeaseStatus.Lapsed);
        // No lease is lost that its customer was told of.
        told.Count.ShouldBePositive($"seed {seed}");
        told.Except(audit.Leases.Select(lease => lease.Id)).ShouldBeEmpty($"seed {seed}");
        audit.Leases.ShouldAllBe(lease => lease.BilledSeconds * lease.Terms!.Gpus == Used(lease));
        return storage.Injected;
    }

    /// <summary>GPU-seconds between the lease's own grant and end: what it may be charged for, once.</summary>
    private static long? Used(Lease lease) =>
        lease.Status != LeaseStatus.Settled ? null
        : lease.GrantedAt is { } from
            ? (lease.EndedAt!.Value - from).Ticks / TimeSpan.TicksPerSecond * lease.Terms!.Gpus
        : 0;

    /// <summary>Customers come, go and lose GPUs to the owner, several at a time.</summary>
    /// <returns>Leases that were answered as running.</returns>
    private static async Task<List<LeaseId>> ScriptAsync(LeaseWorld world, IServiceProvider process, Random random)
    {
        var told = new List<LeaseId>();
        for (var minute = 0; minute < Minutes; minute++)
        {
            // Capacity falls for two minutes, so that spot leases must yield.
            var healthy = minute is 3 or 4 ? 40 : 64;
            await TryAsync(() => world.MinuteAsync(process, running: 10, healthy, Stop));
            var wishes = Enumerable
                .Range(0, Customers)
                .Select(customer =>
                    (
                        Key: $"lease-{minute}-{customer}",
                        Tier: random.Next(4) == 0 ? LeaseTier.Firm : LeaseTier.Spot,
                        Gpus: random.Next(1, 7),
                        Term: TimeSpan.FromMinutes(random.Next(5, 15))
                    )
                );
            var leased = await Task.WhenAll(
                wishes
                    .ToArray()
                    .Select(wish =>
                        InsistAsync(() => world.LeaseAsync(process, wish.Key, wish.Tier, wish.Gpus, wish.Term, Stop))
                    )
            );
            told.AddRange(leased.Where(lease => lease?.Status == LeaseStatus.Active).Select(lease => lease!.Id));
            if (told.Count > 0)
            {
                await InsistAsync(() => EndAsync(process, told[random.Next(told.Count)]));
            }
        }
        return told;
    }

    private static async Task<Lease?> EndAsync(IServiceProvider process, LeaseId lease)
    {
        var clock = process.GetRequiredService<EngineClock>();
        var end = new LeaseCommand.End(CommandId.From("end"), clock.UtcNow, clock.Tick);
        return (await process.GetRequiredService<HandleLeaseCommand>().RunAsync(lease, end, Stop)).Lease;
    }

    /// <summary>A client that repeats its request as it was, and gives up in the end.</summary>
    private static async Task<Lease?> InsistAsync(Func<Task<Lease?>> request)
    {
        Lease? answer = null;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            if (await TryAsync(async () => answer = await request()))
            {
                return answer;
            }
        }
        return null;
    }

    private static async Task UntilItWorksAsync(Func<Task> work)
    {
        while (!await TryAsync(work)) { }
    }

    /// <returns>False: storage gave no answer, or others were always faster.</returns>
    private static async Task<bool> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception failure) when (failure is UnavailableException or ContendedException)
        {
            return false;
        }
    }
}
