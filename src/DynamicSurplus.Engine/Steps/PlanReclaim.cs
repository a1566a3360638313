using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// An operator takes GPUs back: first to see who would yield, then just those. The choice is the one that the owner's
/// returning demand makes.
/// </summary>
public sealed class PlanReclaim(ICapacityBooks books, LeaseStreams streams, CommandLeases commands, EngineClock clock)
{
    public async Task<ReclaimPlan> PlanAsync(Fleet fleet, int gpus, CancellationToken cancellationToken)
    {
        var now = clock.UtcNow;
        var reservations = await books.ListAsync(fleet.Id, cancellationToken);
        var notice = TimeSpan.FromSeconds(fleet.Policy.NoticeSeconds);
        var (eligible, candidates) = ReclaimCapacity.Candidates(reservations, notice, now);
        var parts = ReclaimSelection.Select(candidates, gpus);
        var leases = await Task.WhenAll(
            parts.Select(async part => (await streams.ReadAsync(eligible[part.Index].Lease, cancellationToken)).Lease)
        );
        var victims = parts
            .Zip(leases, (part, lease) => Victim(lease, part.Gpus, candidates[part.Index], now))
            .ToArray();
        return new(
            fleet.Id,
            gpus,
            victims.Sum(victim => victim.Gpus),
            victims,
            new(victims.Sum(victim => victim.LostRevenue.Value)),
            MicroUsd.Zero,
            Token(fleet.Id, gpus, parts, leases)
        );
    }

    /// <summary>Gives the victims notice.</summary>
    /// <param name="token">Of the plan that was seen.</param>
    /// <returns>The plan, and how many of its victims are in notice; null where it is another by now.</returns>
    public async Task<(ReclaimPlan Plan, int InNotice)?> ExecuteAsync(
        Fleet fleet,
        int gpus,
        string token,
        CancellationToken cancellationToken
    )
    {
        var plan = await PlanAsync(fleet, gpus, cancellationToken);
        if (!string.Equals(token, plan.Token, StringComparison.Ordinal))
        {
            return null;
        }
        var inNotice = await commands.RunAsync(
            plan.Victims,
            victim => victim.Lease,
            (victim, _, at, tick) =>
                new LeaseCommand.Reclaim(
                    CommandId.From($"reclaim-plan-{plan.Token}"),
                    at,
                    tick,
                    ReclaimReason.OperatorRequest,
                    victim.Gpus
                ),
            lease => lease.Status == LeaseStatus.Reclaiming && !lease.IsDrill,
            "reclaim",
            cancellationToken
        );
        EngineMetrics.Reclaims.Add(inNotice);
        return (plan, inNotice);
    }

    private static ReclaimVictim Victim(Lease lease, int gpus, ReclaimCandidate candidate, DateTimeOffset now)
    {
        var promised = now + lease.Terms!.Notice;
        var deadline = promised < lease.EndsAt ? promised : lease.EndsAt ?? promised;
        var rest = (long)((lease.EndsAt ?? deadline) - deadline).TotalSeconds;
        var rate = lease.Meter.IsRunning ? lease.Meter.RateAt(now) : lease.Terms.Rate;
        return new(
            lease.Id,
            lease.Terms.Tenant,
            gpus,
            lease.Gpus,
            lease.Terms.Notice,
            deadline,
            candidate.Loss * gpus / candidate.Gpus,
            StatementAmount.Of([new MeterSegment(rate, gpus, Math.Max(0, rest))])
        );
    }

    /// <summary>Changes with whom it takes what from, and with whatever has happened to them.</summary>
    private static string Token(FleetId fleet, int gpus, ReclaimPart[] parts, Lease[] leases)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{fleet} {gpus}");
        foreach (var (part, lease) in parts.Zip(leases))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{lease.Id} {lease.Version} {part.Gpus}");
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
