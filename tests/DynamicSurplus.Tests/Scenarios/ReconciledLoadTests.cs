using System.Diagnostics;
using DynamicSurplus.Cloud;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>
/// The reconciler at work while many lease, end and let quotes be: it repairs what is broken, and nothing else.
/// </summary>
public sealed class ReconciledLoadTests(AzuriteFixture azurite)
{
    private const int Workers = 6;
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(LongMode.Of(3, 60));
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_repaired_that_only_changes(bool onAzurite)
    {
        var world = new LeaseWorld();
        await using var process = await StartAsync(world, onAzurite);

        var (leases, repairs) = await RunAsync(world, process, sabotage: null);

        repairs.ShouldBeEmpty();
        leases.ShouldBeGreaterThan(Workers);
        await ShouldAgreeAsync(world, process);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Book_that_somebody_spoils_again_and_again_is_right_in_the_end(bool onAzurite)
    {
        var world = new LeaseWorld();
        await using var process = await StartAsync(world, onAzurite);
        var books = process.GetRequiredService<ICapacityBooks>();

        var (leases, repairs) = await RunAsync(world, process, SpoilAsync);
        await ReconcileAsync(process);

        leases.ShouldBePositive();
        repairs.ShouldAllBe(repair => repair.Kind == RepairKind.Book);
        repairs.Count(repair => repair.IsDone).ShouldBePositive();
        await ShouldAgreeAsync(world, process);

        async Task SpoilAsync()
        {
            var (book, version) = await books.ReadAsync(LeaseWorld.Fleet, Stop);
            await books.TryCorrectAsync(book with { HeldSpot = book.HeldSpot + 1 }, version, Stop);
        }
    }

    private async Task<ServiceProvider> StartAsync(LeaseWorld world, bool onAzurite)
    {
        var clients = onAzurite ? await azurite.StorageAsync() : null;
        var process = world.Start(services: services =>
        {
            if (clients is not null)
            {
                services.AddAzureStorage(clients);
            }
        });
        await world.RegisterAsync(process, Stop);
        await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        return process;
    }

    private static async Task<(int Leases, List<Repair> Repairs)> RunAsync(
        LeaseWorld world,
        IServiceProvider process,
        Func<Task>? sabotage
    )
    {
        var (clock, repairs, leases) = (Stopwatch.StartNew(), new List<Repair>(), 0);
        var workers = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(worker))));
        while (!workers.IsCompleted)
        {
            await (sabotage?.Invoke() ?? Task.CompletedTask);
            repairs.AddRange(await ReconcileAsync(process));
        }
        await workers;
        return (leases, repairs);

        async Task WorkAsync(int worker)
        {
            for (var turn = 0; clock.Elapsed < Load; turn++)
            {
                try
                {
                    var key = $"{worker}-{turn}";
                    var lease = await world.LeaseAsync(process, key, LeaseTier.Spot, 2, TimeSpan.FromHours(1), Stop);
                    if (lease is not null && turn % 4 != 3)
                    {
                        await EndAsync(process, lease.Id);
                        Interlocked.Increment(ref leases);
                    }
                }
                catch (ContendedException)
                {
                    // As promised to customers: the next one may win.
                }
                await Task.Yield();
            }
        }
    }

    private static Task<LeaseOutcome> EndAsync(IServiceProvider process, LeaseId lease)
    {
        var clock = process.GetRequiredService<EngineClock>();
        var end = new LeaseCommand.End(CommandId.From("end"), clock.UtcNow, clock.Tick);
        return process.GetRequiredService<HandleLeaseCommand>().RunAsync(lease, end, Stop);
    }

    private static async Task<IReadOnlyList<Repair>> ReconcileAsync(IServiceProvider process) =>
        (await process.GetRequiredService<ReconcileBooks>().RunAsync(shard: 0, Settle, Stop)).Repairs;

    /// <summary>What rivals have left pending the wake-ups perform, when the quotes would have lapsed.</summary>
    private static async Task ShouldAgreeAsync(LeaseWorld world, IServiceProvider process)
    {
        world.Time.Advance(TimeSpan.FromMinutes(2));
        await process.GetRequiredService<SweepLeases>().RunAsync(TimeSpan.Zero, Stop);
        (await ReconcileAsync(process)).ShouldBeEmpty();
        (await process.GetRequiredService<AuditBooks>().RunAsync(Stop)).Findings.ShouldBeEmpty();
    }
}
