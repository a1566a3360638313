using Azure.Data.Tables;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

public sealed partial class TableFleetDirectory
{
    /// <summary>A knob that a row does not have yet is at its default.</summary>
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
                [nameof(Fleet.Region)] = fleet.Region,
                [nameof(Fleet.Sku)] = fleet.Sku,
                [nameof(Fleet.Pool)] = fleet.Pool,
                [nameof(Fleet.Team)] = fleet.Team,
                [nameof(FleetAttributes.Interconnect)] = fleet.Attributes.Interconnect,
                [nameof(FleetAttributes.Orchestration)] = fleet.Attributes.Orchestration,
                [nameof(FleetAttributes.Residency)] = fleet.Attributes.Residency,
                [nameof(FleetAttributes.WorkloadClass)] = fleet.Attributes.WorkloadClass.ToString(),
                [nameof(PowerBudget.BudgetWatts)] = fleet.Power?.BudgetWatts,
                [nameof(PowerBudget.WattsPerGpu)] = fleet.Power?.WattsPerGpu,
                [HasProvisioner] = fleet.Provisioner is not null,
                [nameof(ProvisionerChoice.Webhook)] = fleet.Provisioner?.Webhook?.OriginalString,
                [nameof(Fleet.DemandIncludesLeased)] = fleet.DemandIncludesLeased,
                [nameof(Fleet.Paused)] = fleet.Paused,
                [nameof(Fleet.Draining)] = fleet.Draining,
                [nameof(Fleet.Revision)] = fleet.Revision,
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
                row.Required<string>(nameof(Fleet.Region)),
                row.Required<string>(nameof(Fleet.Sku)),
                row.Required<string>(nameof(Fleet.Pool)),
                row.Required<string>(nameof(Fleet.Team)),
                new(
                    row.GetString(nameof(FleetAttributes.Interconnect)),
                    row.GetString(nameof(FleetAttributes.Orchestration)),
                    row.GetString(nameof(FleetAttributes.Residency)),
                    row.RequiredName<WorkloadClass>(nameof(FleetAttributes.WorkloadClass))
                ),
                ReadPolicy(row),
                row.GetDouble(nameof(PowerBudget.BudgetWatts)) is { } budgetWatts
                    ? new(budgetWatts, row.Required<double>(nameof(PowerBudget.WattsPerGpu)))
                    : null,
                row.Required<bool>(HasProvisioner)
                    ? new(row.GetString(nameof(ProvisionerChoice.Webhook)) is { } url ? new Uri(url) : null)
                    : null,
                row.Required<bool>(nameof(Fleet.DemandIncludesLeased)),
                row.Required<bool>(nameof(Fleet.Paused)),
                row.Required<bool>(nameof(Fleet.Draining)),
                row.Required<long>(nameof(Fleet.Revision)),
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
            row[nameof(policy.Wall)] = policy.Wall;
            row[nameof(policy.WallEnforced)] = policy.WallEnforced;
            row[nameof(policy.EpsilonFirm)] = policy.EpsilonFirm;
            row[nameof(policy.EpsilonSpot)] = policy.EpsilonSpot;
            row[nameof(policy.Decay)] = policy.Decay;
            row[nameof(policy.Elasticity)] = policy.Elasticity;
            row[nameof(policy.Beta)] = policy.Beta;
            row[nameof(policy.Kappa)] = policy.Kappa;
            row[nameof(policy.Delta)] = policy.Delta;
            row[nameof(policy.Batch)] = policy.Batch;
            row[nameof(policy.MeanGpus)] = policy.MeanGpus;
            row[nameof(policy.FirmFactor)] = policy.FirmFactor;
            row[nameof(policy.NoticeSeconds)] = policy.NoticeSeconds;
            row[nameof(policy.MinimumRunSeconds)] = policy.MinimumRunSeconds;
            row[nameof(policy.QuoteSeconds)] = policy.QuoteSeconds;
            row[nameof(policy.TermMinSeconds)] = policy.TermMinSeconds;
            row[nameof(policy.SpotTermMaxSeconds)] = policy.SpotTermMaxSeconds;
            row[nameof(policy.GrantTimeoutSeconds)] = policy.GrantTimeoutSeconds;
            row[nameof(policy.ReclaimCoolDownSeconds)] = policy.ReclaimCoolDownSeconds;
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
                Wall = row.GetDouble(nameof(plain.Wall)) ?? plain.Wall,
                WallEnforced = row.GetBoolean(nameof(plain.WallEnforced)) ?? plain.WallEnforced,
                EpsilonFirm = row.GetDouble(nameof(plain.EpsilonFirm)) ?? plain.EpsilonFirm,
                EpsilonSpot = row.GetDouble(nameof(plain.EpsilonSpot)) ?? plain.EpsilonSpot,
                Decay = row.GetDouble(nameof(plain.Decay)) ?? plain.Decay,
                Elasticity = row.GetDouble(nameof(plain.Elasticity)) ?? plain.Elasticity,
                Beta = row.GetDouble(nameof(plain.Beta)) ?? plain.Beta,
                Kappa = row.GetDouble(nameof(plain.Kappa)) ?? plain.Kappa,
                Delta = row.GetDouble(nameof(plain.Delta)) ?? plain.Delta,
                Batch = row.GetDouble(nameof(plain.Batch)) ?? plain.Batch,
                MeanGpus = row.GetDouble(nameof(plain.MeanGpus)) ?? plain.MeanGpus,
                FirmFactor = row.GetDouble(nameof(plain.FirmFactor)) ?? plain.FirmFactor,
                NoticeSeconds = row.GetInt32(nameof(plain.NoticeSeconds)) ?? plain.NoticeSeconds,
                MinimumRunSeconds = row.GetInt32(nameof(plain.MinimumRunSeconds)) ?? plain.MinimumRunSeconds,
                QuoteSeconds = row.GetInt32(nameof(plain.QuoteSeconds)) ?? plain.QuoteSeconds,
                TermMinSeconds = row.GetInt32(nameof(plain.TermMinSeconds)) ?? plain.TermMinSeconds,
                SpotTermMaxSeconds = row.GetInt32(nameof(plain.SpotTermMaxSeconds)) ?? plain.SpotTermMaxSeconds,
                GrantTimeoutSeconds = row.GetInt32(nameof(plain.GrantTimeoutSeconds)) ?? plain.GrantTimeoutSeconds,
                ReclaimCoolDownSeconds =
                    row.GetInt32(nameof(plain.ReclaimCoolDownSeconds)) ?? plain.ReclaimCoolDownSeconds,
            };
        }
    }
}
