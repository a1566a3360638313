using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>What a <see cref="ReclaimWave"/> has done.</summary>
public sealed partial class ReclaimActivities(
    ReclaimCapacity reclaim,
    LeaseStreams streams,
    DurableClientScope durable,
    ILogger<ReclaimActivities> logger
)
{
    /// <summary>Names of the functions: instances in flight know them, so they stay.</summary>
    public const string GiveNotice = "GiveNotice";

    /// <inheritdoc cref="GiveNotice"/>
    public const string ReportWave = "ReportWave";

    /// <returns>All leases of the fleet in notice, earlier ones too.</returns>
    [Function(GiveNotice)]
    public async Task<WaveNotice[]> GiveNoticeAsync(
        [ActivityTrigger] ReclaimOrder order,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        using var _ = durable.Enter(client);
        var notices = await reclaim.RunAsync(order.ToFleet(), order.ToShortage(), cancellationToken);
        return [.. notices.Select(WaveNotice.Of)];
    }

    [Function(ReportWave)]
    public async Task<WaveReport> ReportWaveAsync(
        [ActivityTrigger] string[] leases,
        CancellationToken cancellationToken
    )
    {
        var (ended, kept, running) = (0, 0, 0);
        foreach (var id in leases)
        {
            var (lease, events, _, _) = await streams.ReadAsync(LeaseId.Parse(id), cancellationToken);
            running += lease.EndedAt is null ? 1 : 0;
            ended += lease.EndReason == EndReason.Reclaimed ? 1 : 0;
            kept += NoticeKept.In(events) is [.., { IsKept: true }] ? 1 : 0;
        }
        var report = new WaveReport(leases.Length, ended, kept, running);
        WaveOver(report.Leases, report.Ended, report.Kept, report.Running);
        return report;
    }

    [LoggerMessage(
        LogLevel.Information,
        "Reclaim wave over: {Leases} leases, {Ended} ended by it, notice kept for {Kept}, {Running} still running."
    )]
    private partial void WaveOver(int leases, int ended, int kept, int running);
}
