using System.Text.Json;

namespace DynamicSurplus.Infra.Tests;

/// <summary>
/// What an environment deploys, from its committed snapshot: every resource with its expressions worked out, but for
/// what only Azure knows. <see cref="SnapshotTests"/> holds the snapshot to the Bicep files.
/// </summary>
internal sealed class Installation
{
    private readonly List<JsonElement> _resources;

    private Installation(string environment)
    {
        var snapshot = InfraFolder.ReadFromRoot($"infra/{environment}/main.snapshot.json");
        var root = JsonDocument.Parse(snapshot).RootElement;
        _resources = [.. root.GetProperty("predictedResources").EnumerateArray()];
    }

    public static IReadOnlyList<string> Environments { get; } = ["dev", "prod"];

    public IReadOnlyList<JsonElement> Resources => _resources;

    public static Installation Of(string environment) => new(environment);

    public IEnumerable<JsonElement> OfType(string type) =>
        _resources.Where(resource =>
            string.Equals(resource.GetProperty("type").GetString(), type, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>The last part of their names, in order: <c>telemetry</c> of <c>account/default/telemetry</c>.</summary>
    public IEnumerable<string> NamesOfType(string type, string within = "") =>
        OfType(type)
            .Select(static resource => resource.GetProperty("name").GetString()!)
            .Where(name => name.StartsWith(within, StringComparison.Ordinal))
            .Select(static name => name[(name.LastIndexOf('/') + 1)..])
            .Order(StringComparer.Ordinal);

    /// <summary>The app's settings by name; a value that only Azure knows is its expression.</summary>
    public Dictionary<string, string> AppSettings() =>
        OfType("Microsoft.Web/sites")
            .Single()
            .GetProperty("properties")
            .GetProperty("siteConfig")
            .GetProperty("appSettings")
            .EnumerateArray()
            .ToDictionary(
                static setting => setting.GetProperty("name").GetString()!,
                static setting => setting.GetProperty("value").GetString()!,
                StringComparer.Ordinal
            );
}
