using System.Diagnostics.Metrics;

namespace DynamicSurplus.Engine;

/// <summary>What the engine counts. Meter <c>DynamicSurplus</c>; units in the instruments.</summary>
public static class EngineMetrics
{
    public const string MeterName = "DynamicSurplus";

    internal static readonly Meter Meter = new(MeterName);

    internal static readonly Counter<long> Ticks = Meter.CreateCounter<long>(
        "surplus.ticks",
        "{tick}",
        "Ticks priced."
    );

    internal static readonly Histogram<double> CycleSeconds = Meter.CreateHistogram<double>(
        "surplus.cycle.duration",
        "s",
        "One pricing cycle of one shard, on the wall."
    );

    internal static readonly Counter<long> Holds = Meter.CreateCounter<long>(
        "surplus.holds",
        "{lease}",
        "Leases held."
    );

    internal static readonly Counter<long> Reclaims = Meter.CreateCounter<long>(
        "surplus.reclaims",
        "{lease}",
        "Leases whose reclaim was decided."
    );

    internal static readonly Counter<long> LateNotices = Meter.CreateCounter<long>(
        "surplus.notices.late",
        "{notice}",
        "Notices sent later than promised."
    );

    internal static readonly Counter<long> FirmShortages = Meter.CreateCounter<long>(
        "surplus.firm.shortages",
        "{tick}",
        "Fleet-ticks with fewer healthy GPUs than leased firm ones."
    );

    internal static readonly Counter<long> FirmFailures = Meter.CreateCounter<long>(
        "surplus.firm.failures",
        "{lease}",
        "Firm leases that ended in their term because the fleet lost their GPUs."
    );

    internal static readonly Counter<long> EffectFailures = Meter.CreateCounter<long>(
        "surplus.effects.failed",
        "{effect}",
        "Effects that failed and stay pending."
    );

    internal static readonly Counter<long> Repairs = Meter.CreateCounter<long>(
        "surplus.books.repairs",
        "{repair}",
        "Contradictions between book, reservations, journals, wake-ups and views that were put right, by kind."
    );

    internal static readonly Gauge<long> StaleFleets = Meter.CreateGauge<long>(
        "surplus.fleets.stale",
        "{fleet}",
        "Fleets whose telemetry is too old for new leases at the tick, by shard."
    );

    internal static readonly Counter<long> PoisonedMessages = Meter.CreateCounter<long>(
        "surplus.telemetry.poisoned",
        "{message}",
        "Telemetry messages put on the storage queue's poison queue; Service Bus counts its own."
    );

    internal static readonly Counter<long> PullFailures = Meter.CreateCounter<long>(
        "surplus.pull.failures",
        "{fleet}",
        "Fleets that gave no sample that counts when their telemetry was pulled."
    );

    internal static readonly Counter<long> LimitedHolds = Meter.CreateCounter<long>(
        "surplus.holds.limited",
        "{lease}",
        "Holds refused because their tenant had reached a limit, by limit."
    );
}
