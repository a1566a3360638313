using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DynamicSurplus.Cloud.Blobs;
using DynamicSurplus.Cloud.Queues;
using DynamicSurplus.Cloud.Tables;

namespace DynamicSurplus.Cloud;

/// <summary>
/// One storage account's tables, containers and queues, and how every call to them waits and tries again. Its text
/// names the account and nothing secret.
/// </summary>
public sealed class StorageClients
{
    /// <summary>Tries after the first, for answers that say so (408, 429, 5xx) and for broken connections.</summary>
    private const int MaxRetries = 3;

    /// <summary>Before the first retry; doubles, ± 20 % at random, up to <see cref="LongestDelay"/>.</summary>
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    /// <summary>Of one try: rows and messages are small.</summary>
    private static readonly TimeSpan RowTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Of one try: a shard's state is tens of megabytes.</summary>
    private static readonly TimeSpan BlobTimeout = TimeSpan.FromSeconds(30);

    private static readonly string[] TableNames =
    [
        TableFleetDirectory.TableName,
        TableRequestLog.TableName,
        TableCapacityBooks.TableName,
        TableLeaseJournal.TableName,
        TableWakeups.TableName,
        TableLeaseViews.TableName,
        TableIdempotencyKeys.TableName,
        TableRefusals.TableName,
        TableAuditLog.TableName,
        TableTenantHolds.TableName,
        TableEventFeed.TableName,
        TableWebhooks.TableName,
        TableDeadLetters.TableName,
    ];

    private static readonly string[] ContainerNames =
    [
        BlobTelemetryInbox.ContainerName,
        BlobShardStore.StateContainerName,
        BlobShardStore.BookContainerName,
        BlobShardStore.RecordContainerName,
    ];

    private static readonly string[] QueueNames =
    [
        StorageTelemetryQueue.QueueName,
        StorageTelemetryQueue.QueueName + StorageTelemetryQueue.PoisonSuffix,
    ];

    private readonly TableServiceClient _tables;
    private readonly BlobServiceClient _blobs;
    private readonly QueueServiceClient _queues;
    private readonly string _prefix;

    private StorageClients(
        TableServiceClient tables,
        BlobServiceClient blobs,
        QueueServiceClient queues,
        string prefix
    ) => (_tables, _blobs, _queues, _prefix) = (tables, blobs, queues, prefix);

    /// <summary>Where telemetry is sent; what is given up waits in the queue of this name and <c>-poison</c>.</summary>
    public string TelemetryQueueName => Hyphenated(StorageTelemetryQueue.QueueName);

    /// <param name="connectionString">Of an account or an emulator, such as <c>UseDevelopmentStorage=true</c>.</param>
    /// <param name="prefix">
    /// Begins every name, so that installations can share an account: a lower-case letter, then at most 39 lower-case
    /// letters and digits. Null or empty: none.
    /// </param>
    /// <param name="transport">What carries the requests; null: the process's own connections.</param>
    /// <exception cref="FormatException">The connection string, or the prefix, has another shape.</exception>
    public static StorageClients From(
        string connectionString,
        string? prefix = null,
        HttpPipelineTransport? transport = null
    )
    {
        var begin = RequirePrefix(prefix);
        try
        {
            return new(
                new TableServiceClient(connectionString, Set(new TableClientOptions(), RowTimeout, transport)),
                new BlobServiceClient(connectionString, Set(new BlobClientOptions(), BlobTimeout, transport)),
                new QueueServiceClient(connectionString, Set(new QueueClientOptions(), RowTimeout, transport)),
                begin
            );
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            // The client's own words repeat parts of the text, keys among them; so they are not passed on.
#pragma warning disable MA0054
            throw new FormatException(
                "The storage connection string cannot be read; it is not shown, for it may hold a key. Give one of the "
                    + "form 'DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…', or UseDevelopmentStorage=true."
            );
#pragma warning restore MA0054
        }
    }

    /// <summary>By identity: no key is known to the process.</summary>
    /// <inheritdoc cref="From(string, string?, HttpPipelineTransport?)" path="/param"/>
    /// <exception cref="FormatException">The prefix has another shape.</exception>
    public static StorageClients From(
        Uri tables,
        Uri blobs,
        Uri queues,
        TokenCredential credential,
        string? prefix = null,
        HttpPipelineTransport? transport = null
    ) =>
        new(
            new TableServiceClient(tables, credential, Set(new TableClientOptions(), RowTimeout, transport)),
            new BlobServiceClient(blobs, credential, Set(new BlobClientOptions(), BlobTimeout, transport)),
            new QueueServiceClient(queues, credential, Set(new QueueClientOptions(), RowTimeout, transport)),
            RequirePrefix(prefix)
        );

    /// <summary>Makes the tables, containers and queues that are missing, all at once. For a host's start.</summary>
    public Task EnsureCreatedAsync(CancellationToken cancellationToken) =>
        Task.WhenAll([
            .. TableNames.Select(Task (name) => _tables.CreateTableIfNotExistsAsync(_prefix + name, cancellationToken)),
            .. ContainerNames.Select(
                Task (name) => Container(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken)
            ),
            .. QueueNames.Select(Task (name) => Queue(name).CreateIfNotExistsAsync(null, cancellationToken)),
        ]);

    public override string ToString() =>
        _prefix.Length == 0 ? $"storage account {_tables.AccountName}" : $"{_prefix} of {_tables.AccountName}";

    internal GuardedTable Table(string name) => new(_tables.GetTableClient(_prefix + name));

    internal BlobContainerClient Container(string name) => _blobs.GetBlobContainerClient(Hyphenated(name));

    internal QueueClient Queue(string name) => _queues.GetQueueClient(Hyphenated(name));

    private static T Set<T>(T options, TimeSpan timeout, HttpPipelineTransport? transport)
        where T : ClientOptions
    {
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = MaxRetries;
        options.Retry.Delay = FirstDelay;
        options.Retry.MaxDelay = LongestDelay;
        options.Retry.NetworkTimeout = timeout;
        options.AddPolicy(UnavailablePolicy.Shared, HttpPipelinePosition.PerCall);
        if (transport is not null)
        {
            options.Transport = transport;
        }
        return options;
    }

    private static string RequirePrefix(string? prefix) =>
        string.IsNullOrEmpty(prefix) ? ""
        : prefix.Length <= 40
        && char.IsAsciiLetterLower(prefix[0])
        && prefix.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            ? prefix
        : throw new FormatException(
            $"The name prefix '{prefix}' must be a lower-case letter, then at most 39 lower-case letters and digits."
        );

    /// <summary>Containers and queues take hyphens, tables do not.</summary>
    private string Hyphenated(string name) => _prefix.Length == 0 ? name : $"{_prefix}-{name}";
}
