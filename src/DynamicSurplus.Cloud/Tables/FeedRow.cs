using System.Globalization;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>The rows of a tenant's feed.</summary>
internal static class FeedRow
{
    public const string Head = "head";

    /// <summary>Behind every sequence: the character after 9.</summary>
    public const string PastSequences = ":";

    /// <summary>The partition that lists the tenants: no tenant's id begins so.</summary>
    public const string Tenants = "_tenants";

    private const string Latest = "Latest";
    private const string Id = "Id";
    private const string Type = "Type";
    private const string Lease = "Lease";
    private const string PublishedAt = "PublishedAt";
    private const string Json = "Json";

    public static readonly string[] TrimColumns = [nameof(TableEntity.RowKey), Id, PublishedAt];

    public static string KeyOf(long sequence) => sequence.ToString("D19", CultureInfo.InvariantCulture);

    public static string KeyOf(string eventId) => $"id-{eventId}";

    public static TableEntity WriteHead(TenantId tenant, long latest) =>
        new(tenant.ToString(), Head) { [Latest] = latest };

    public static TableEntity WriteId(TenantId tenant, string eventId) => new(tenant.ToString(), KeyOf(eventId));

    public static TableEntity WriteEntry(TenantId tenant, long sequence, FeedEvent happened) =>
        new(tenant.ToString(), KeyOf(sequence))
        {
            [Id] = happened.Id,
            [Type] = happened.Type,
            [Lease] = happened.Lease.ToString(),
            [PublishedAt] = happened.PublishedAt,
            [Json] = happened.Json.ToArray(),
        };

    public static long LatestOf(TableEntity head) => head.Required<long>(Latest);

    public static string IdOf(TableEntity row) => row.Required<string>(Id);

    public static DateTimeOffset PublishedAtOf(TableEntity row) => row.Required<DateTimeOffset>(PublishedAt);

    public static FeedEntry ReadEntry(TableEntity row) =>
        new(
            long.Parse(row.RowKey, NumberStyles.None, CultureInfo.InvariantCulture),
            new(
                IdOf(row),
                row.Required<string>(Type),
                LeaseId.Parse(row.Required<string>(Lease)),
                PublishedAtOf(row),
                row.Required<byte[]>(Json)
            )
        );
}
