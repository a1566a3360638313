using System.Globalization;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using Spectre.Console;

namespace DynamicSurplus.Local.Demo;

/// <summary>What the demo did, and the proof that it adds up.</summary>
internal sealed class DemoReport(IAnsiConsole console)
{
    /// <returns>Whether everything adds up.</returns>
    public bool Show(AuditReport audit, Summary summary)
    {
        var reclaimed = audit.Leases.Count(lease => lease.EndReason == EndReason.Reclaimed);
        var granted = audit.Leases.Where(lease => lease.GrantedAt is not null).ToList();
        console.WriteLine();
        Line(
            "effective utilization",
            $"{Percent(summary.EffectiveUtilization)} against {Percent(summary.InternalUtilization)} internal alone"
        );
        Line(
            "sold",
            $"{Number(audit.SoldGpuHours, "F1")} GPU-hours in {granted.Count} leases, "
                + $"{granted.Count(IsFirm)} of them firm"
        );
        Line("revenue", $"{audit.Revenue} USD (synthetic outside demand)");
        Line("reclaims", $"{reclaimed} leases; {Notice(audit.Notices)}");
        Line(
            "statements",
            $"{audit.Leases.Count(l => l.Status == LeaseStatus.Settled)} settled, "
                + $"{audit.Leases.Count(l => l.Status == LeaseStatus.Lapsed)} quotes lapsed"
        );

        var problems = audit.Findings.Select(divergence => divergence.ToString()).ToList();
        Require(audit.TakenGpus == 0, $"{audit.TakenGpus} GPUs are still in the books");
        Require(audit.LiveReservations == 0, $"{audit.LiveReservations} reservations are still live");
        Require(audit.Revenue == summary.Revenue, $"journals make {audit.Revenue} USD, statements {summary.Revenue}");
        Require(audit.Notices.All(notice => notice.IsKept), "a notice was shorter than promised");
        foreach (var problem in problems)
        {
            console.MarkupLineInterpolated($"[red]does not add up[/]: {problem}");
        }
        Line(
            "proof",
            problems.Count == 0
                ? $"every GPU and every cent adds up: books 0, {audit.Leases.Count} journals chained and recomputed, "
                    + "revenue = Σ statements"
                : $"{problems.Count} contradictions"
        );
        return problems.Count == 0;

        void Require(bool holds, string otherwise)
        {
            if (!holds)
            {
                problems.Add(otherwise);
            }
        }

        void Line(string what, string value) => console.WriteLine($"{what, -22} {value}");
    }

    private static bool IsFirm(Lease lease) => lease.Terms!.Tier == LeaseTier.Firm;

    private static string Notice(IReadOnlyList<NoticeKept> notices) =>
        notices.Count == 0
            ? "no forced end"
            : $"notice kept {notices.Count(n => n.IsKept)} of {notices.Count}, "
                + $"worst {Number(notices.Min(n => n.Given.TotalSeconds), "F1")} s, "
                + $"mean {Number(notices.Average(n => n.Given.TotalSeconds), "F1")} s";

    private static string Percent(double share) => Number(100 * share, "F1") + " %";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
