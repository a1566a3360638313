namespace DynamicSurplus.Local.Serving;

/// <summary>Why the storage emulator cannot be used.</summary>
public enum AzuriteFailure
{
    /// <summary>Node.js or npm is missing or too old. The host can run in memory instead.</summary>
    NodeMissing,

    /// <summary>npm could not install Azurite, say without a network. The host can run in memory instead.</summary>
    InstallFailed,

    /// <summary>Azurite ended, or gave no answer in time.</summary>
    StartFailed,

    /// <summary>Another live host works on this data folder.</summary>
    FolderInUse,
}
