using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Requests;

/// <summary>Reads fleets and policies from JSON; what is not said takes its default.</summary>
public static class FleetReader
{
    private const string DefaultLabel = "default";

    /// <param name="id">As the address names it.</param>
    /// <exception cref="ProblemException">Names every field that is wrong, and how to put it right.</exception>
    public static Fleet Read(FleetId id, ReadOnlyMemory<byte> json)
    {
        var document = RequestJson.Read(json, ApiJson.Shared.FleetDocument);
        var errors = new FieldErrors();
        if (document.Id is { } named && !string.Equals(named, id.ToString(), StringComparison.Ordinal))
        {
            errors.Add(
                "id",
                $"'{FieldErrors.Cut(named)}' is not the address's '{id}'",
                "leave it out, or correct one of the two"
            );
        }
        var region = errors.Required("region", document.Region, "say where the GPUs are, such as eu-north-1");
        var sku = errors.Required("sku", document.Sku, "say what the GPUs are, such as H100");
        var policy = PolicyOf(document.Policy ?? new(), sku, errors);
        var telemetry = document.Telemetry is { } source ? SourceOf(source, errors) : null;
        if (errors.Any || policy is null)
        {
            errors.ThrowIfAny();
        }
        var attributes = document.Attributes ?? new();
        var fleet = new Fleet(
            id,
            region,
            sku,
            document.Pool ?? DefaultLabel,
            document.Team ?? DefaultLabel,
            new(
                attributes.Interconnect,
                attributes.Orchestration,
                attributes.Residency,
                attributes.WorkloadClass ?? WorkloadClass.Model
            ),
            policy!,
            document.Power is { } power ? new(power.BudgetWatts ?? 0, power.WattsPerGpu ?? 0) : null,
            document.Provisioner?.Webhook is { } webhook ? new(webhook) : null,
            document.DemandIncludesLeased ?? false,
            Telemetry: telemetry
        );
        errors.AddRange(fleet.Validate());
        errors.ThrowIfAny();
        return fleet;
    }

    /// <summary>A policy alone, such as a file holds one for many fleets.</summary>
    /// <param name="ceiling">Where the policy states none.</param>
    /// <exception cref="ProblemException">Names every field that is wrong, and how to put it right.</exception>
    public static FleetPolicy ReadPolicy(ReadOnlyMemory<byte> json, Rate ceiling)
    {
        var errors = new FieldErrors();
        var document = RequestJson.Read(json, ApiJson.Shared.PolicyDocument);
        document = document with { Ceiling = document.Ceiling ?? ceiling.UsdPerGpuHour };
        var policy = PolicyOf(document, sku: "", errors);
        if (policy is not null)
        {
            errors.AddRange(policy.Validate());
        }
        errors.ThrowIfAny();
        return policy!;
    }

    /// <returns>Null only with an error.</returns>
    private static PrometheusSource? SourceOf(TelemetryDocument document, FieldErrors errors)
    {
        if (document.Prometheus is not { } prometheus)
        {
            errors.Add("telemetry.prometheus", "is missing", "name the server and its queries, or no telemetry");
            return null;
        }
        if (prometheus.Server is null)
        {
            errors.Add(
                "telemetry.prometheus.server",
                "is missing",
                "give the base address, such as https://prometheus.example"
            );
        }
        var healthy = Query("healthy", prometheus.Healthy);
        var running = Query("running", prometheus.Running);
        var queued = Query("queued", prometheus.Queued);
        return errors.Any ? null : new(prometheus.Server!, healthy, running, queued, prometheus.Watts);

        string Query(string name, string? query) =>
            errors.Required($"telemetry.prometheus.{name}", query, "give a PromQL query, such as sum(gpus_running)");
    }

    /// <returns>Null only with an error.</returns>
    private static FleetPolicy? PolicyOf(PolicyDocument document, string sku, FieldErrors errors)
    {
        var floor = errors.RateOf("policy.floor", document.Floor);
        var stated = errors.RateOf("policy.ceiling", document.Ceiling);
        var monopoly = errors.RateOf("policy.monopoly", document.Monopoly);
        if ((stated ?? SkuCatalog.DefaultCeiling(sku)) is not { } ceiling)
        {
            if (document.Ceiling is null && sku.Length > 0)
            {
                errors.Add(
                    "policy.ceiling",
                    $"is missing, and no on-demand rate of SKU '{FieldErrors.Cut(sku)}' is known",
                    "state the highest rate, USD per GPU-hour, such as \"3.25\""
                );
            }
            return null;
        }
        var known = FleetPolicy.Under(ceiling);
        return new FleetPolicy(floor ?? known.Floor, ceiling, monopoly ?? known.Monopoly)
        {
            Wall = document.Wall ?? known.Wall,
            WallEnforced = document.WallEnforced ?? known.WallEnforced,
            EpsilonFirm = document.EpsilonFirm ?? known.EpsilonFirm,
            EpsilonSpot = document.EpsilonSpot ?? known.EpsilonSpot,
            Decay = document.Decay ?? known.Decay,
            Elasticity = document.Elasticity ?? known.Elasticity,
            Beta = document.Beta ?? known.Beta,
            Kappa = document.Kappa ?? known.Kappa,
            Delta = document.Delta ?? known.Delta,
            Batch = document.Batch ?? known.Batch,
            MeanGpus = document.MeanGpus ?? known.MeanGpus,
            FirmFactor = document.FirmFactor ?? known.FirmFactor,
            NoticeSeconds = Whole(nameof(document.NoticeSeconds), document.NoticeSeconds, known.NoticeSeconds),
            Notice30Factor = document.Notice30Factor ?? known.Notice30Factor,
            Notice120Factor = document.Notice120Factor ?? known.Notice120Factor,
            Notice600Factor = document.Notice600Factor ?? known.Notice600Factor,
            WarnBelowGpus = Whole(nameof(document.WarnBelowGpus), document.WarnBelowGpus, known.WarnBelowGpus),
            MinimumRunSeconds = Whole(
                nameof(document.MinimumRunSeconds),
                document.MinimumRunSeconds,
                known.MinimumRunSeconds
            ),
            QuoteSeconds = Whole(nameof(document.QuoteSeconds), document.QuoteSeconds, known.QuoteSeconds),
            TermMinSeconds = Whole(nameof(document.TermMinSeconds), document.TermMinSeconds, known.TermMinSeconds),
            SpotTermMaxSeconds = Whole(
                nameof(document.SpotTermMaxSeconds),
                document.SpotTermMaxSeconds,
                known.SpotTermMaxSeconds
            ),
            GrantTimeoutSeconds = Whole(
                nameof(document.GrantTimeoutSeconds),
                document.GrantTimeoutSeconds,
                known.GrantTimeoutSeconds
            ),
            ReclaimCoolDownSeconds = Whole(
                nameof(document.ReclaimCoolDownSeconds),
                document.ReclaimCoolDownSeconds,
                known.ReclaimCoolDownSeconds
            ),
        };

        int Whole(string member, double? value, int otherwise) =>
            errors.Whole($"policy.{char.ToLowerInvariant(member[0])}{member[1..]}", value) ?? otherwise;
    }
}
