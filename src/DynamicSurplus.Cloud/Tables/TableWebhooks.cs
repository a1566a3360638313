using Azure;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>Partition: the tenant. Rows: a webhook by its id, and <c>guard</c>.</summary>
/// <remarks>
/// The guard says nothing. Every addition replaces it in the same transaction, at the version it had when the tenant's
/// webhooks were counted: so two additions never count the same.
/// </remarks>
public sealed class TableWebhooks(StorageClients clients) : IWebhooks
{
    internal const string TableName = "webhooks";
    private readonly GuardedTable _table = clients.Table(TableName);

    public async Task<WebhookAddition> TryAddAsync(Webhook webhook, int most, CancellationToken cancellationToken)
    {
        var tenant = webhook.Tenant.ToString();
        for (var attempt = 1; ; attempt++)
        {
            var guard = await _table.FindAsync(tenant, Row.Guard, cancellationToken);
            var own = await ListAsync(webhook.Tenant, cancellationToken);
            if (own.FirstOrDefault(stored => stored.Value.Id == webhook.Id) is { } there)
            {
                // Its salt is random: this one's own addition, whose answer was lost, is told from another's.
                var isMine = string.Equals(there.Value.Salt, webhook.Salt, StringComparison.Ordinal);
                return isMine ? WebhookAddition.Added : WebhookAddition.Exists;
            }
            if (own.Count >= most)
            {
                return WebhookAddition.Full;
            }
            var mark = new TableEntity(tenant, Row.Guard);
            var answer = await _table.SubmitAsync(
                [
                    guard is null
                        ? new(TableTransactionActionType.Add, mark)
                        : new(TableTransactionActionType.UpdateReplace, mark, guard.ETag),
                    new(TableTransactionActionType.Add, Row.Write(webhook)),
                ],
                cancellationToken
            );
            if (answer.IsDone)
            {
                return WebhookAddition.Added;
            }
            await Contention.AfterAsync(attempt, $"The list of webhooks of {tenant}", cancellationToken);
        }
    }

    public async Task<IReadOnlyList<Versioned<Webhook>>> ListAsync(
        TenantId? tenant,
        CancellationToken cancellationToken
    )
    {
        var rows = tenant is { } one
            ? await _table.ListAsync($"PartitionKey eq {one.ToString()} and RowKey lt {Row.PastIds}", cancellationToken)
            : await _table.ListAsync($"RowKey lt {Row.PastIds}", cancellationToken);
        return [.. rows.Select(Versioned)];
    }

    public async Task<Versioned<Webhook>?> FindAsync(
        TenantId tenant,
        WebhookId id,
        CancellationToken cancellationToken
    ) => await _table.FindAsync(tenant.ToString(), id.ToString(), cancellationToken) is { } row ? Versioned(row) : null;

    public Task<string?> TryReplaceAsync(Webhook webhook, string version, CancellationToken cancellationToken) =>
        _table.TryReplaceAsync(Row.Write(webhook), new ETag(version), cancellationToken);

    public async Task<bool> DeleteAsync(TenantId tenant, WebhookId id, CancellationToken cancellationToken)
    {
        if (await _table.FindAsync(tenant.ToString(), id.ToString(), cancellationToken) is null)
        {
            return false;
        }
        await _table.DeleteAsync(tenant.ToString(), [id.ToString()], cancellationToken);
        return true;
    }

    private static Versioned<Webhook> Versioned(TableEntity row) => new(Row.Read(row), row.ETag.ToString());

    private static class Row
    {
        public const string Guard = "guard";

        /// <summary>Behind every id: they are hex.</summary>
        public const string PastIds = "g";

        private const string Target = "Target";
        private const string Types = "Types";
        private const string Salt = "Salt";
        private const string KeyCheck = "KeyCheck";
        private const string CreatedAt = "CreatedAt";
        private const string Cursor = "Cursor";
        private const string Failures = "Failures";
        private const string NextTryAt = "NextTryAt";
        private const string LastFailure = "LastFailure";
        private const string DeliveredAt = "DeliveredAt";
        private const string DisabledBecause = "DisabledBecause";
        private const string Owner = "Owner";
        private const string OwnedUntil = "OwnedUntil";
        private const string ReplayAfter = "ReplayAfter";
        private const string ReplayUpTo = "ReplayUpTo";

        public static TableEntity Write(Webhook webhook) =>
            new(webhook.Tenant.ToString(), webhook.Id.ToString())
            {
                [Target] = webhook.Target.AbsoluteUri,
                [Types] = webhook.Types.ToString(),
                [Salt] = webhook.Salt,
                [KeyCheck] = webhook.KeyCheck,
                [CreatedAt] = webhook.CreatedAt,
                [Cursor] = webhook.Progress.Cursor,
                [Failures] = webhook.Progress.Failures,
                [NextTryAt] = webhook.Progress.NextTryAt,
                [LastFailure] = webhook.Progress.LastFailure,
                [DeliveredAt] = webhook.Progress.DeliveredAt,
                [DisabledBecause] = webhook.Progress.DisabledBecause,
                [Owner] = webhook.Progress.Owner,
                [OwnedUntil] = webhook.Progress.OwnedUntil,
                [ReplayAfter] = webhook.Progress.ReplayAfter,
                [ReplayUpTo] = webhook.Progress.ReplayUpTo,
            };

        public static Webhook Read(TableEntity row) =>
            new(
                WebhookId.TryParse(row.RowKey, out var id)
                    ? id
                    : throw new InvalidDataException($"Stored row {row.PartitionKey} / {row.RowKey} is no webhook's."),
                TenantId.Parse(row.PartitionKey),
                new Uri(row.Required<string>(Target)),
                EventTypes.Parse(row.Required<string>(Types)),
                row.Required<string>(Salt),
                row.Required<string>(KeyCheck),
                row.Required<DateTimeOffset>(CreatedAt),
                new(
                    row.Required<long>(Cursor),
                    row.Required<int>(Failures),
                    row.GetDateTimeOffset(NextTryAt),
                    row.GetString(LastFailure),
                    row.GetDateTimeOffset(DeliveredAt),
                    row.GetString(DisabledBecause),
                    row.GetString(Owner),
                    row.GetDateTimeOffset(OwnedUntil),
                    row.Required<long>(ReplayAfter),
                    row.GetInt64(ReplayUpTo)
                )
            );
    }
}
