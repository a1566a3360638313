using Azure.Core;
using Azure.Identity;

namespace DynamicSurplus.Functions.Settings;

/// <summary>Identities as the platform's connections name them.</summary>
internal static class IdentityOf
{
    /// <summary>
    /// <c>…__credential=managedidentity</c> and <c>…__clientId</c>; without them whoever the developer is signed in as.
    /// </summary>
    public static TokenCredential Connection(SettingsReader read, string key)
    {
        var kind = read.Text($"{key}:credential");
        read.Check(
            kind is null || kind.Equals("managedidentity", StringComparison.OrdinalIgnoreCase),
            $"{key}:credential",
            $"is '{kind}'",
            "give managedidentity, or leave it out"
        );
        var client = read.ClientId($"{key}:clientId");
        return kind is null ? new DefaultAzureCredential() : Managed(client);
    }

    public static TokenCredential Managed(string? clientId) =>
        new ManagedIdentityCredential(
            clientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(clientId)
        );
}
