using Azure.Data.Tables;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

public sealed partial class TableFleetDirectory
{
    /// <summary>
    /// A knob that a row does not have yet is at its default. Names of columns are stored: they stay as they are,
    /// whatever the members come to be called.
    /// </summary>
    private static class FleetRow
    {
        private const string Mark = "Mark";
        private const string FloorSteps = "FloorSteps";
        private const string CeilingSteps = "CeilingSteps";
        private const string MonopolySteps = "MonopolySteps";
        private const string HasProvisioner = "HasProvisioner";
        private const string PrometheusServer = "PrometheusServer";
        private const string PrometheusHealthy = "PrometheusHealthy";
        private const string PrometheusRunning = "PrometheusRunning";
        private const string PrometheusQueued = "PrometheusQueued";
        private const string PrometheusWatts = "PrometheusWatts";

        public static long? MarkOf(TableEntity row) => row.GetInt64(Mark);

        public static TableEntity Write(string partition, Fleet fleet, long mark)
        {
            var row = new TableEntity(partition, fleet.Id.ToString())
            {
                [Mark] = mark,
                ["Region"] = fleet.Region,
                ["Sku"] = fleet.Sku,
                ["Pool"] = fleet.Pool,
                ["Team"] = fleet.Team,
                ["Interconnect"] = fleet.Attributes.Interconnect,
                ["Orchestration"] = fleet.Attributes.Orchestration,
                ["Residency"] = fleet.Attributes.Residency,
                ["WorkloadClass"] = fleet.Attributes.WorkloadClass.ToString(),
                ["BudgetWatts"] = fleet.Power?.BudgetWatts,
                ["WattsPerGpu"] = fleet.Power?.WattsPerGpu,
                [HasProvisioner] = fleet.Provisioner is not null,
                ["Webhook"] = fleet.Provisioner?.Webhook?.OriginalString,
                ["DemandIncludesLeased"] = fleet.DemandIncludesLeased,
                ["Paused"] = fleet.Paused,
                ["Draining"] = fleet.Draining,
                ["Revision"] = fleet.Revision,
                [PrometheusServer] = fleet.Telemetry?.Server.OriginalString,
                [PrometheusHealthy] = fleet.Telemetry?.Healthy,
                [PrometheusRunning] = fleet.Telemetry?.Running,
                [PrometheusQueued] = fleet.Telemetry?.Queued,
                [PrometheusWatts] = fleet.Telemetry?.Watts,
            };
            Write(row, fleet.Policy);
            return row;
        }

        public static Fleet Read(TableEntity row) =>
            new(
                FleetId.Parse(row.RowKey),
                row.Required<string>("Region"),
                row.Required<string>("Sku"),
                row.Required<string>("Pool"),
                row.Required<string>("Team"),
                new(
                    row.GetString("Interconnect"),
                    row.GetString("Orchestration"),
                    row.GetString("Residency"),
                    row.RequiredName<WorkloadClass>("WorkloadClass")
                ),
                ReadPolicy(row),
                row.GetDouble("BudgetWatts") is { } budgetWatts
                    ? new(budgetWatts, row.Required<double>("WattsPerGpu"))
                    : null,
                row.Required<bool>(HasProvisioner)
                    ? new(row.GetString("Webhook") is { } url ? new Uri(url) : null)
                    : null,
                row.Required<bool>("DemandIncludesLeased"),
                row.Required<bool>("Paused"),
                row.Required<bool>("Draining"),
                row.Required<long>("Revision"),
                ReadTelemetry(row)
            );

        private static PrometheusSource? ReadTelemetry(TableEntity row) =>
            row.GetString(PrometheusServer) is { } server
                ? new(
                    new Uri(server),
                    row.Required<string>(PrometheusHealthy),
                    row.Required<string>(PrometheusRunning),
                    row.Required<string>(PrometheusQueued),
                    row.GetString(PrometheusWatts)
                )
                : null;

        private static void Write(TableEntity row, FleetPolicy policy)
        {
            row[FloorSteps] = policy.Floor.Steps;
            row[CeilingSteps] = policy.Ceiling.Steps;
            row[MonopolySteps] = policy.Monopoly.Steps;
            row["Wall"] = policy.Wall;
            row["WallEnforced"] = policy.WallEnforced;
            row["EpsilonFirm"] = policy.EpsilonFirm;
            row["EpsilonSpot"] = policy.EpsilonSpot;
            row["Decay"] = policy.Decay;
            row["Elasticity"] = policy.Elasticity;
            row["Beta"] = policy.Beta;
            row["Kappa"] = policy.Kappa;
            row["Delta"] = policy.Delta;
            row["Batch"] = policy.Batch;
            row["MeanGpus"] = policy.MeanGpus;
            row["FirmFactor"] = policy.FirmFactor;
            row["NoticeSeconds"] = policy.NoticeSeconds;
            row["Notice30Factor"] = policy.Notice30Factor;
            row["Notice120Factor"] = policy.Notice120Factor;
            row["Notice600Factor"] = policy.Notice600Factor;
            row["WarnBelowGpus"] = policy.WarnBelowGpus;
            row["MinimumRunSeconds"] = policy.MinimumRunSeconds;
            row["QuoteSeconds"] = policy.QuoteSeconds;
            row["TermMinSeconds"] = policy.TermMinSeconds;
            row["SpotTermMaxSeconds"] = policy.SpotTermMaxSeconds;
            row["GrantTimeoutSeconds"] = policy.GrantTimeoutSeconds;
            row["ReclaimCoolDownSeconds"] = policy.ReclaimCoolDownSeconds;
        }

        private static FleetPolicy ReadPolicy(TableEntity row)
        {
            var plain = new FleetPolicy(
                Rate.FromSteps(row.Required<int>(FloorSteps)),
                Rate.FromSteps(row.Required<int>(CeilingSteps)),
                Rate.FromSteps(row.Required<int>(MonopolySteps))
            );
            return plain with
            {
                Wall = row.GetDouble("Wall") ?? plain.Wall,
                WallEnforced = row.GetBoolean("WallEnforced") ?? plain.WallEnforced,
                EpsilonFirm = row.GetDouble("EpsilonFirm") ?? plain.EpsilonFirm,
                EpsilonSpot = row.GetDouble("EpsilonSpot") ?? plain.EpsilonSpot,
                Decay = row.GetDouble("Decay") ?? plain.Decay,
                Elasticity = row.GetDouble("Elasticity") ?? plain.Elasticity,
                Beta = row.GetDouble("Beta") ?? plain.Beta,
                Kappa = row.GetDouble("Kappa") ?? plain.Kappa,
                Delta = row.GetDouble("Delta") ?? plain.Delta,
                Batch = row.GetDouble("Batch") ?? plain.Batch,
                MeanGpus = row.GetDouble("MeanGpus") ?? plain.MeanGpus,
                FirmFactor = row.GetDouble("FirmFactor") ?? plain.FirmFactor,
                NoticeSeconds = row.GetInt32("NoticeSeconds") ?? plain.NoticeSeconds,
                Notice30Factor = row.GetDouble("Notice30Factor") ?? plain.Notice30Factor,
                Notice120Factor = row.GetDouble("Notice120Factor") ?? plain.Notice120Factor,
                Notice600Factor = row.GetDouble("Notice600Factor") ?? plain.Notice600Factor,
                WarnBelowGpus = row.GetInt32("WarnBelowGpus") ?? plain.WarnBelowGpus,
                MinimumRunSeconds = row.GetInt32("MinimumRunSeconds") ?? plain.MinimumRunSeconds,
                QuoteSeconds = row.GetInt32("QuoteSeconds") ?? plain.QuoteSeconds,
                TermMinSeconds = row.GetInt32("TermMinSeconds") ?? plain.TermMinSeconds,
                SpotTermMaxSeconds = row.GetInt32("SpotTermMaxSeconds") ?? plain.SpotTermMaxSeconds,
                GrantTimeoutSeconds = row.GetInt32("GrantTimeoutSeconds") ?? plain.GrantTimeoutSeconds,
                ReclaimCoolDownSeconds = row.GetInt32("ReclaimCoolDownSeconds") ?? plain.ReclaimCoolDownSeconds,
            };
        }
    }
}
