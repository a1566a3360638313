namespace DynamicSurplus.Local.Serving;

/// <summary>What is needed to start Azurite.</summary>
/// <param name="NodePath">The Node.js binary itself, not a version manager's shim: its process is the server.</param>
/// <param name="MainScript">Azurite's main script.</param>
public sealed record AzuriteInstall(string NodePath, string MainScript);
