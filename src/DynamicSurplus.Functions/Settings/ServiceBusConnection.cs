using Azure.Core;

namespace DynamicSurplus.Functions.Settings;

/// <summary>A Service Bus namespace, by identity.</summary>
/// <param name="FullyQualifiedNamespace">Such as <c>surplus.servicebus.windows.net</c>.</param>
public sealed record ServiceBusConnection(string FullyQualifiedNamespace, TokenCredential Credential)
{
    internal static ServiceBusConnection? Read(SettingsReader read, string key)
    {
        var name = $"{key}:fullyQualifiedNamespace";
        if (read.Text(name) is not { } text)
        {
            return null;
        }
        read.Check(
            Uri.CheckHostName(text) == UriHostNameType.Dns && text.Contains('.', StringComparison.Ordinal),
            name,
            $"is '{text}'",
            "give the host's name alone, such as surplus.servicebus.windows.net"
        );
        return new(text, IdentityOf.Connection(read, key));
    }
}
