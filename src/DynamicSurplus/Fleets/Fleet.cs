using DynamicSurplus.Measures;

namespace DynamicSurplus.Fleets;

/// <summary>Like GPUs in one place: region × SKU × pool, with its policy and the team that owns it.</summary>
/// <param name="Id">Chosen by the operator, unique in the installation.</param>
/// <param name="Region">Such as <c>eu-north-1</c>.</param>
/// <param name="Sku">Such as <c>H100</c>; prices default by it.</param>
/// <param name="Pool">Part of a region's GPUs of one SKU.</param>
/// <param name="Team">The internal team that is paid for its fleet's leases.</param>
/// <param name="DemandIncludesLeased">
/// The telemetry source cannot tell leased GPUs from internal ones: active leases are subtracted from what it reports.
/// </param>
/// <param name="Paused">No new lease; rate and demand estimate stand still; leases that run, run on.</param>
/// <param name="Draining">Being deleted: no new lease; the fleet goes when its last lease has ended.</param>
/// <param name="Revision">Counts the operator's writes, from 1.</param>
/// <param name="Telemetry">Where its telemetry is pulled from; null: it is sent.</param>
public sealed record Fleet(
    FleetId Id,
    string Region,
    string Sku,
    string Pool,
    string Team,
    FleetAttributes Attributes,
    FleetPolicy Policy,
    PowerBudget? Power = null,
    ProvisionerChoice? Provisioner = null,
    bool DemandIncludesLeased = false,
    bool Paused = false,
    bool Draining = false,
    long Revision = 0,
    PrometheusSource? Telemetry = null
)
{
    /// <summary>Sells new leases, as far as the operator is concerned.</summary>
    public bool IsOpen => !Paused && !Draining;

    /// <summary>GPUs that can run now: the healthy ones, or as many as the power budget feeds.</summary>
    /// <param name="healthy">GPUs that answer.</param>
    /// <param name="wattsPerGpu">As the sample states it; null: as the fleet states it.</param>
    public double Capacity(double healthy, double? wattsPerGpu) =>
        Power is null ? healthy : Math.Min(healthy, Math.Floor(Power.BudgetWatts / (wattsPerGpu ?? Power.WattsPerGpu)));

    /// <summary>Everything that is wrong with this fleet's description, each by its field's name in the API.</summary>
    public IReadOnlyList<FieldError> Validate()
    {
        var errors = new List<FieldError>();
        RequireLabel("region", Region);
        RequireLabel("sku", Sku);
        RequireLabel("pool", Pool);
        RequireLabel("team", Team);
        RequireOptional("attributes.interconnect", Attributes.Interconnect);
        RequireOptional("attributes.orchestration", Attributes.Orchestration);
        RequireOptional("attributes.residency", Attributes.Residency);
        RequireWatts("power.budgetWatts", Power?.BudgetWatts);
        RequireWatts("power.wattsPerGpu", Power?.WattsPerGpu);
        if (Provisioner?.Webhook is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("https" or "http")))
        {
            errors.Add(new("provisioner.webhook", $"'{url}' is no absolute http(s) address", "give an https URL"));
        }
        errors.AddRange(Telemetry?.Validate() ?? []);
        errors.AddRange(Policy.Validate());
        return errors;

        void RequireLabel(string field, string value)
        {
            if (string.IsNullOrEmpty(value) || value.Length > 63 || !value.All(IsLabelCharacter))
            {
                errors.Add(
                    new(
                        field,
                        $"'{value}' is not a label",
                        "use 1 to 63 letters, digits, '-', '_' or '.', without spaces"
                    )
                );
            }
        }

        void RequireOptional(string field, string? value)
        {
            if (value is not null)
            {
                RequireLabel(field, value);
            }
        }

        void RequireWatts(string field, double? watts)
        {
            if (watts is { } value && !(value > 0 && value <= 1e12))
            {
                errors.Add(new(field, $"{value} is outside (0, 1e12]", "give watts above 0"));
            }
        }
    }

    private static bool IsLabelCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
}
