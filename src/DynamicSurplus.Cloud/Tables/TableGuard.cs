using Azure.Data.Tables;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>
/// Refuses what Azure would refuse, before it is sent: emulators accept some of it, and a data set that only they can
/// hold would fail on the first day in the cloud. Sizes are those that Azure's documentation gives.
/// </summary>
public static class TableGuard
{
    /// <summary>Of one transaction.</summary>
    public const int MaxRows = 100;

    /// <summary>4 MiB of one transaction, as sent.</summary>
    public const int MaxTransactionBytes = 4 << 20;

    /// <summary>1 MiB, names included.</summary>
    public const int MaxEntityBytes = 1 << 20;

    /// <summary>64 KiB of one value; text counts two bytes a UTF-16 unit.</summary>
    public const int MaxValueBytes = 64 << 10;

    /// <summary>Beside the keys and the timestamp.</summary>
    public const int MaxColumns = 252;

    /// <summary>1 KiB of UTF-16.</summary>
    public const int MaxKeyLength = 512;

    /// <summary>What a row takes in a transaction beside its entity: the headers of its part.</summary>
    private const int PartOverheadBytes = 512;

    private static readonly DateTimeOffset FirstInstant = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="ArgumentException">
    /// A key, a value, their number or their size is none that a table takes.
    /// </exception>
    public static void Require(TableEntity entity)
    {
        RequireKey(nameof(entity.PartitionKey), entity.PartitionKey);
        RequireKey(nameof(entity.RowKey), entity.RowKey);
        var columns = 0;
        foreach (var (name, value) in entity)
        {
            if (value is null || IsSystem(name))
            {
                continue;
            }
            columns++;
            var bytes = SizeOf(name, value);
            if (bytes > MaxValueBytes)
            {
                throw new ArgumentException(
                    $"Column {name} has {bytes} bytes, above {MaxValueBytes}: split it.",
                    nameof(entity)
                );
            }
        }
        if (columns > MaxColumns)
        {
            throw new ArgumentException($"A row of {columns} columns is above {MaxColumns}.", nameof(entity));
        }
        if (SizeOf(entity) is > MaxEntityBytes and var size)
        {
            throw new ArgumentException($"A row of {size} bytes is above {MaxEntityBytes}.", nameof(entity));
        }
    }

    /// <exception cref="ArgumentException">
    /// No row, more than <see cref="MaxRows"/>, rows of several partitions, a row twice, or more bytes than one
    /// transaction takes.
    /// </exception>
    public static void Require(IReadOnlyList<TableTransactionAction> actions)
    {
        if (actions.Count is 0 or > MaxRows)
        {
            throw new ArgumentException(
                $"A transaction changes 1 to {MaxRows} rows, not {actions.Count}.",
                nameof(actions)
            );
        }
        var partition = actions[0].Entity.PartitionKey;
        var rows = new HashSet<string>(actions.Count, StringComparer.Ordinal);
        long bytes = 0;
        foreach (var action in actions)
        {
            var entity = (TableEntity)action.Entity;
            Require(entity);
            if (!string.Equals(entity.PartitionKey, partition, StringComparison.Ordinal))
            {
                throw new ArgumentException(
                    $"A transaction stays in one partition: '{partition}' and '{entity.PartitionKey}' are two.",
                    nameof(actions)
                );
            }
            if (!rows.Add(entity.RowKey))
            {
                throw new ArgumentException(
                    $"A transaction changes a row once: '{entity.RowKey}' comes twice.",
                    nameof(actions)
                );
            }
            bytes += SentBytes(entity) + PartOverheadBytes;
        }
        if (bytes > MaxTransactionBytes)
        {
            throw new ArgumentException(
                $"A transaction of about {bytes} bytes is above {MaxTransactionBytes}.",
                nameof(actions)
            );
        }
    }

    private static void RequireKey(string name, string? key)
    {
        if (key is null || key.Length > MaxKeyLength)
        {
            throw new ArgumentException($"{name} must have at most {MaxKeyLength} characters.", name);
        }
        foreach (var c in key)
        {
            if (c is '/' or '\\' or '#' or '?' || char.IsControl(c))
            {
                throw new ArgumentException(
                    $"{name} holds U+{(int)c:X4}: no control characters and none of / \\ # ? there.",
                    name
                );
            }
        }
    }

    /// <summary>A column of the storage's own.</summary>
    internal static bool IsSystem(string name) =>
        name is nameof(TableEntity.PartitionKey) or nameof(TableEntity.RowKey) or nameof(TableEntity.Timestamp)
        || name.StartsWith("odata.", StringComparison.Ordinal);

    private static long SizeOf(TableEntity entity)
    {
        var bytes = 4L + (2L * (entity.PartitionKey.Length + entity.RowKey.Length));
        foreach (var (name, value) in entity)
        {
            if (value is not null && !IsSystem(name))
            {
                bytes += 8 + (2L * name.Length) + SizeOf(name, value) + (value is string or byte[] ? 4 : 0);
            }
        }
        return bytes;
    }

    /// <summary>Bytes travel as Base64, text as UTF-8, at most three bytes a UTF-16 unit.</summary>
    private static long SentBytes(TableEntity entity)
    {
        var bytes = 0L;
        foreach (var (name, value) in entity)
        {
            bytes +=
                name.Length
                + 32
                + value switch
                {
                    string text => 3L * text.Length,
                    byte[] binary => ((binary.Length + 2L) / 3) * 4,
                    _ => 40,
                };
        }
        return bytes;
    }

    private static long SizeOf(string name, object value) =>
        value switch
        {
            string text => 2L * text.Length,
            byte[] binary => binary.Length,
            bool => 1,
            int => 4,
            long or double => 8,
            DateTimeOffset instant when instant >= FirstInstant => 8,
            DateTimeOffset instant => throw new ArgumentException($"Column {name}: {instant} is before 1601.", name),
            _ => throw new ArgumentException($"Column {name}: a table holds no {value.GetType().Name}.", name),
        };
}
