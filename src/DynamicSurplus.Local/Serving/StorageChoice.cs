namespace DynamicSurplus.Local.Serving;

/// <summary>Where a local host keeps its data.</summary>
internal abstract record StorageChoice
{
    /// <summary>An Azurite of the host's own, its files in the data folder.</summary>
    public sealed record Azurite : StorageChoice;

    /// <summary>In the process; gone when it ends.</summary>
    public sealed record Memory : StorageChoice;

    /// <summary>A storage account, or an emulator that somebody else runs.</summary>
    public sealed record Account(string ConnectionString) : StorageChoice;

    public static StorageChoice Parse(string text) =>
        text switch
        {
            "azurite" => new Azurite(),
            "memory" => new Memory(),
            _ when text.Contains('=', StringComparison.Ordinal) => new Account(text),
            _ => throw new FormatException(
                $"--storage '{text}' is none of: azurite, memory, or a connection string (Name=Value;…)."
            ),
        };
}
