using DynamicSurplus.Api.Access;
using DynamicSurplus.Engine;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Serving;

/// <summary>What a local host is started with.</summary>
/// <param name="DataFolder">For <c>host.json</c>, keys and Azurite's files; made if it is not there.</param>
/// <param name="Port">Of the API on 127.0.0.1; 0: any free one.</param>
/// <param name="Speed">Engine time over wall time, 1 to 3,600.</param>
internal sealed record HostOptions(StorageChoice Storage, string DataFolder, int Port, double Speed)
{
    public const double MaxSpeed = 3_600;

    public TickLength TickLength { get; init; } = TickLength.Default;

    /// <summary>Customers to make keys for.</summary>
    public IReadOnlyList<string> Tenants { get; init; } = ["customer"];

    /// <summary>Whose tokens are accepted beside the keys; null: no token is.</summary>
    public EntraOptions? Entra { get; init; }

    /// <summary>What one caller may ask of the API.</summary>
    public RequestLimits Requests { get; init; } = RequestLimits.Loopback;

    /// <summary>Quotes of one tenant that are live at once.</summary>
    public int LiveQuotes { get; init; } = new EngineOptions().LiveQuotes;

    /// <summary>GPUs that these hold together.</summary>
    public int HeldGpus { get; init; } = new EngineOptions().HeldGpus;

    /// <summary>
    /// Share of a fleet that one tenant counts for; null: the engine's default, or 1 where simulated customers, who are
    /// many, come with a few tenants' keys.
    /// </summary>
    public double? TenantShare { get; init; }

    /// <summary>Customers' webhooks may lead to this machine and its network, by plain http too.</summary>
    public bool AllowPrivateWebhooks { get; init; }

    /// <summary>Simulated customers; null: none.</summary>
    public MarketLoad? Market { get; init; }

    /// <summary>Of the simulated market.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Least severe log level on standard error. Default: warnings.</summary>
    public Microsoft.Extensions.Logging.LogLevel LogLevel { get; init; } =
        Microsoft.Extensions.Logging.LogLevel.Warning;
}
