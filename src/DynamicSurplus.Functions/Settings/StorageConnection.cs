using Azure.Core;
using DynamicSurplus.Cloud;

namespace DynamicSurplus.Functions.Settings;

/// <summary>
/// A storage account as the platform's own bindings name one, so that they and the app read the same settings: a
/// connection string, or by identity the addresses of its services.
/// </summary>
public sealed record StorageConnection
{
    private string? ConnectionString { get; init; }

    private (Uri Tables, Uri Blobs, Uri Queues)? Addresses { get; init; }

    private TokenCredential? Credential { get; init; }

    /// <exception cref="FormatException">The connection string cannot be read.</exception>
    public StorageClients ToClients() =>
        Addresses is var (tables, blobs, queues)
            ? StorageClients.From(tables, blobs, queues, Credential!)
            : StorageClients.From(ConnectionString!);

    internal static StorageConnection Read(SettingsReader read, string key)
    {
        if (read.Text(key) is { } connectionString)
        {
            var connection = new StorageConnection { ConnectionString = connectionString };
            read.Try(key, () => connection.ToClients());
            return connection;
        }
        var tables = read.Address($"{key}:tableServiceUri");
        var blobs = read.Address($"{key}:blobServiceUri");
        var queues = read.Address($"{key}:queueServiceUri");
        read.Check(
            tables is not null && blobs is not null && queues is not null,
            key,
            "names no storage account",
            $"set {key} to a connection string, or {key}__tableServiceUri, __blobServiceUri and __queueServiceUri"
        );
        return tables is null || blobs is null || queues is null
            ? new()
            : new() { Addresses = (tables, blobs, queues), Credential = IdentityOf.Connection(read, key) };
    }
}
