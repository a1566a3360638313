using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>Partition: the tenant. Row: SHA-256 of the key, hex: any text is a key.</summary>
/// <remarks>
/// Where the answer to a claim was lost and the retry meets it, its mark says that it is the caller's own; else the
/// caller would be told that somebody else is at it.
/// </remarks>
public sealed class TableIdempotencyKeys(StorageClients clients) : IIdempotencyKeys
{
    internal const string TableName = "idempotency";
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);
    private readonly GuardedTable _table = clients.Table(TableName);

    /// <summary>
    /// What this process has claimed and not yet answered or given up, and at which version: its answer goes there
    /// without a look first.
    /// </summary>
    private readonly ConcurrentDictionary<(string Tenant, string Row), (TableEntity Claim, ETag Version)> _inFlight =
        new();

    public async Task<IdempotencyClaim?> TryClaimAsync(
        TenantId tenant,
        string key,
        string bodyHash,
        DateTimeOffset now,
        TimeSpan inFlightLife,
        CancellationToken cancellationToken
    )
    {
        var mark = WriteMark.New();
        var row = Row.Claim(tenant, key, bodyHash, now, mark);
        for (var attempt = 1; ; attempt++)
        {
            if (await _table.TryAddAsync(row, cancellationToken) is { } version)
            {
                _inFlight[(row.PartitionKey, row.RowKey)] = (row, new(version));
                return null;
            }
            if (await _table.FindAsync(row.PartitionKey, row.RowKey, cancellationToken) is { } stored)
            {
                if (Row.MarkOf(stored) == mark)
                {
                    return null;
                }
                var claim = Row.Read(stored);
                if (now - Row.WrittenAt(stored) <= (claim.Answer is null ? inFlightLife : Life))
                {
                    return claim;
                }
                if (await _table.TryReplaceAsync(row, stored.ETag, cancellationToken) is not null)
                {
                    return null;
                }
            }
            await Contention.AfterAsync(attempt, "The claim to an idempotency key", cancellationToken);
        }
    }

    public async Task CompleteAsync(
        TenantId tenant,
        string key,
        string bodyHash,
        StoredAnswer answer,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (answer.Body.Length > StoredAnswer.MaxBodyBytes)
        {
            throw new ArgumentException(
                $"An answer of {answer.Body.Length} bytes is above {StoredAnswer.MaxBodyBytes}.",
                nameof(answer)
            );
        }
        if (
            _inFlight.TryRemove((tenant.ToString(), Row.KeyOf(key)), out var own)
            && string.Equals(Row.Read(own.Claim).BodyHash, bodyHash, StringComparison.Ordinal)
            && await _table.TryReplaceAsync(Row.Answered(own.Claim, answer, now), own.Version, cancellationToken)
                is not null
        )
        {
            return;
        }
        await ChangeInFlightAsync(
            tenant,
            key,
            async stored =>
                !string.Equals(Row.Read(stored).BodyHash, bodyHash, StringComparison.Ordinal)
                || await _table.TryReplaceAsync(Row.Answered(stored, answer, now), stored.ETag, cancellationToken)
                    is not null,
            cancellationToken
        );
    }

    public Task AbandonAsync(TenantId tenant, string key, CancellationToken cancellationToken)
    {
        _inFlight.TryRemove((tenant.ToString(), Row.KeyOf(key)), out _);
        return ChangeInFlightAsync(
            tenant,
            key,
            stored => _table.TryDeleteAsync(stored, cancellationToken),
            cancellationToken
        );
    }

    /// <param name="tryChange">False: the claim has changed; look again.</param>
    private async Task ChangeInFlightAsync(
        TenantId tenant,
        string key,
        Func<TableEntity, Task<bool>> tryChange,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var stored = await _table.FindAsync(tenant.ToString(), Row.KeyOf(key), cancellationToken);
            if (stored is null || Row.Read(stored).Answer is not null || await tryChange(stored))
            {
                return;
            }
            await Contention.AfterAsync(attempt, "The claim to an idempotency key", cancellationToken);
        }
    }

    private static class Row
    {
        private const string BodyHash = "BodyHash";
        private const string At = "WrittenAt";
        private const string Mark = "Mark";
        private const string Status = "Status";
        private const string ContentType = "ContentType";
        private const string Location = "Location";
        private const string Body = "Body";

        public static string KeyOf(string key) =>
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(key.AsSpan())));

        public static TableEntity Claim(TenantId tenant, string key, string bodyHash, DateTimeOffset at, long mark) =>
            new(tenant.ToString(), KeyOf(key))
            {
                [BodyHash] = bodyHash,
                [At] = at,
                [Mark] = mark,
            };

        public static TableEntity Answered(TableEntity claim, StoredAnswer answer, DateTimeOffset at) =>
            new(claim.PartitionKey, claim.RowKey)
            {
                [BodyHash] = claim[BodyHash],
                [At] = at,
                [Mark] = claim[Mark],
                [Status] = answer.Status,
                [ContentType] = answer.ContentType,
                [Location] = answer.Location,
                [Body] = answer.Body.ToArray(),
            };

        public static long? MarkOf(TableEntity row) => row.GetInt64(Mark);

        public static DateTimeOffset WrittenAt(TableEntity row) => row.Required<DateTimeOffset>(At);

        public static IdempotencyClaim Read(TableEntity row) =>
            new(
                row.Required<string>(BodyHash),
                row.GetInt32(Status) is { } status
                    ? new(
                        status,
                        row.Required<string>(ContentType),
                        row.GetString(Location),
                        row.Required<byte[]>(Body)
                    )
                    : null
            );
    }
}
