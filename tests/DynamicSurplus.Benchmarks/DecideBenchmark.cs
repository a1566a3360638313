using System.Globalization;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Benchmarks;

/// <summary>
/// Decisions of leases in memory, on one thread: what may happen, what it then is, what must follow; and the same with
/// every event written as JSON, chained by its hash and appended to a journal.
/// </summary>
internal static class DecideBenchmark
{
    private const int LivesPerPass = 1_000;
    private const int Passes = 31;
    private static readonly TenantId Tenant = TenantId.Parse("acme");

    /// <returns>0.</returns>
    public static async Task<int> RunAsync()
    {
        var ids = Enumerable.Range(0, LivesPerPass).Select(n => LeaseId.For(Tenant, $"{n}")).ToArray();
        await MeasureAsync("decide, evolve, react", () => DecideAsync(ids));
        await MeasureAsync("and journalled in memory", () => JournalAsync(ids));
        return 0;
    }

    private static Task DecideAsync(LeaseId[] ids)
    {
        foreach (var id in ids)
        {
            var lease = Lease.None(id);
            foreach (var command in LeaseLives.Commands)
            {
                foreach (var happened in LeaseDecider.Decide(command, lease).Events)
                {
                    var envelope = new LeaseEventEnvelope(
                        id,
                        lease.Version + 1,
                        LeaseEventEnvelope.CurrentSchemaVersion,
                        command.Id,
                        command.CausingTick,
                        LeaseEventEnvelope.NoHash,
                        happened
                    );
                    lease = LeaseDecider.Evolve(lease, envelope);
                    GC.KeepAlive(LeaseDecider.React(lease, happened));
                }
            }
            Require(lease);
        }
        return Task.CompletedTask;
    }

    private static async Task JournalAsync(LeaseId[] ids)
    {
        var streams = new LeaseStreams(new InMemoryLeaseJournal());
        foreach (var id in ids)
        {
            var state = LeaseState.New(id);
            foreach (var command in LeaseLives.Commands)
            {
                state = (await streams.AppendAsync(state, command, state.Pending, default)).State;
            }
            Require(state.Lease);
        }
    }

    private static void Require(Lease lease)
    {
        if (lease is not { Status: LeaseStatus.Settled, Version: >= 7 })
        {
            throw new InvalidOperationException($"The benchmark's own lease is {lease.Status} at {lease.Version}.");
        }
    }

    private static async Task MeasureAsync(string what, Func<Task> pass)
    {
        var (perSecond, bytes) = (new List<double>(), 0L);
        var decisions = LivesPerPass * LeaseLives.Commands.Length;
        for (var n = -Passes; n < Passes; n++)
        {
            // CPU time of this process: what others take of the machine is not ours.
            var (began, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
            await pass();
            var seconds = (Environment.CpuUsage.TotalTime - began).TotalSeconds;
            bytes = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            if (n >= 0)
            {
                perSecond.Add(decisions / seconds);
            }
        }
        perSecond.Sort();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {perSecond[Passes / 2]:N0} decisions per CPU second, {bytes / decisions:N0} B allocated each"
            )
        );
    }
}
