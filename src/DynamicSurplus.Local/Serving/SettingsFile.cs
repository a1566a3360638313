using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicSurplus.Api.Access;

namespace DynamicSurplus.Local.Serving;

/// <summary>A function app's <c>local.settings.json</c>, of which only the API keys are changed.</summary>
internal sealed class SettingsFile
{
    private const string Section = "Values";
    private const string Keys = "ApiKeys";

    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string _path;
    private readonly JsonNode _root;
    private readonly JsonObject _values;

    private SettingsFile(string path, JsonNode root, JsonObject values) =>
        (_path, _root, _values) = (path, root, values);

    public bool HasKeys => _values.Any(value => IsKey(value.Key));

    /// <exception cref="JsonException">The file cannot be read and written again whole: says why.</exception>
    public static async Task<SettingsFile> LoadAsync(string path, CancellationToken cancellationToken)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(await File.ReadAllBytesAsync(path, cancellationToken));
        }
        catch (JsonException broken)
        {
            throw new JsonException(
                $"{path} is no plain JSON (comments would be lost), at line {broken.LineNumber + 1}.",
                broken
            );
        }
        if (root is not JsonObject settings || settings[Section] is not JsonObject values)
        {
            throw new JsonException($"{path} has no object '{Section}': it is no local.settings.json.");
        }
        return settings["IsEncrypted"] is JsonValue flag && flag.TryGetValue(out bool isEncrypted) && isEncrypted
            ? throw new JsonException($"{path} is encrypted: decrypt it first ('func settings decrypt').")
            : new(path, root, values);
    }

    /// <summary>In place of those that are there.</summary>
    public void SetKeys(IReadOnlyList<ApiKey> keys)
    {
        foreach (var name in _values.Select(value => value.Key).Where(IsKey).ToArray())
        {
            _values.Remove(name);
        }
        foreach (var (number, key) in keys.Index())
        {
            _values[$"{Keys}__{number}__Name"] = key.Name;
            _values[$"{Keys}__{number}__Role"] = key.Role.ToString();
            if (key.Tenant is { } tenant)
            {
                _values[$"{Keys}__{number}__Tenant"] = tenant.ToString();
            }
            _values[$"{Keys}__{number}__Sha256"] = key.Sha256;
        }
    }

    /// <summary>Replaces the file whole, with its rights: other settings in it may be secret.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        var fresh = _path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File.GetUnixFileMode(_path);
        }
        await using (var file = new FileStream(fresh, options))
        {
            await JsonSerializer.SerializeAsync(file, _root, Written, cancellationToken);
        }
        File.Move(fresh, _path, overwrite: true);
    }

    /// <summary>Of any number, in either spelling of a setting's path.</summary>
    private static bool IsKey(string setting) =>
        setting.StartsWith(Keys + "__", StringComparison.OrdinalIgnoreCase)
        || setting.StartsWith(Keys + ":", StringComparison.OrdinalIgnoreCase);
}
