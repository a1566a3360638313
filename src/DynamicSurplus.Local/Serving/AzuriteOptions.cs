namespace DynamicSurplus.Local.Serving;

/// <summary>Where Azurite keeps its data, and how long it may take.</summary>
public sealed record AzuriteOptions
{
    /// <summary>
    /// Folder that gets <c>azurite/</c> (the data), <c>azurite.json</c> (the running server) and
    /// <c>azurite.lock</c>; null: all in memory, gone with the host.
    /// </summary>
    public string? DataFolder { get; init; }

    /// <summary>From the start of the process to its last service listening; default 60 s, for large data.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>From the request to stop, which saves the data, to the kill; default 30 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
