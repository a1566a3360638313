using System.Text.Json;
using DynamicSurplus.Functions.Settings;
using Microsoft.Extensions.Configuration;

namespace DynamicSurplus.Functions.Tests.Settings;

/// <summary>The settings of the example file, which the build copies beside the app.</summary>
internal static class ExampleSettings
{
    /// <param name="changes">Named as the environment names them; null: the setting is absent.</param>
    public static SurplusSettings Read(params IEnumerable<(string Name, string? Value)> changes)
    {
        var values = Values();
        foreach (var (name, value) in changes)
        {
            values[name] = value;
        }
        // As the environment's provider does.
        var keyed = values.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":"), pair.Value));
        return SurplusSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(keyed).Build());
    }

    public static Dictionary<string, string?> Values()
    {
        var file = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "local.settings.example.json"));
        using var json = JsonDocument.Parse(file);
        return json
            .RootElement.GetProperty("Values")
            .EnumerateObject()
            .ToDictionary(setting => setting.Name, setting => setting.Value.GetString());
    }
}
