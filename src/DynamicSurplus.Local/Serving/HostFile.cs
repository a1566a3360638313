using System.Text.Json;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// What a running host tells the commands beside it, and itself after a restart: <c>host.json</c> of its data folder.
/// </summary>
/// <param name="Address">Of the API, such as <c>http://127.0.0.1:7071</c>.</param>
/// <param name="ProcessId">Of the host.</param>
/// <param name="TelemetryQueue">Name of the storage queue that telemetry is taken from; null in memory.</param>
/// <param name="KeysFile">Where the API keys made for this folder lie; readable by the user alone.</param>
/// <param name="WallAnchor">The wall's time at which the engine's clock read <paramref name="Anchor"/>.</param>
/// <param name="Speed">Engine time over wall time.</param>
internal sealed record HostFile(
    Uri Address,
    int ProcessId,
    string? TelemetryQueue,
    string KeysFile,
    DateTimeOffset WallAnchor,
    DateTimeOffset Anchor,
    double Speed,
    int TickSeconds,
    int ShardCount
)
{
    public const string Name = "host.json";

    /// <returns>Null where the folder has none.</returns>
    /// <exception cref="JsonException">The file is not one.</exception>
    public static HostFile? Find(string folder)
    {
        var path = Path.Combine(folder, Name);
        return File.Exists(path)
            ? JsonSerializer.Deserialize(File.ReadAllBytes(path), HostJson.Default.HostFile)
            : null;
    }

    /// <summary>What the engine's clock reads at an instant of the wall's.</summary>
    public DateTimeOffset EngineTime(DateTimeOffset wall) => Anchor + ((wall - WallAnchor) * Speed);

    /// <summary>Replaces the file whole: a reader sees the old one or the new one.</summary>
    public void Save(string folder)
    {
        var path = Path.Combine(folder, Name);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, HostJson.Default.HostFile));
        File.Move(path + ".new", path, overwrite: true);
    }
}
