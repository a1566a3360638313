using Azure.Data.Tables;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>Reads columns that must be there: an error names the row and the column.</summary>
internal static class StoredColumns
{
    /// <exception cref="InvalidDataException">The column is missing or of another type.</exception>
    public static T Required<T>(this TableEntity row, string column) =>
        row.TryGetValue(column, out var value) && value is T typed ? typed : throw Wrong<T>(row, column, value);

    /// <summary>By its name.</summary>
    /// <exception cref="InvalidDataException">The column is missing, or names no such value.</exception>
    public static T RequiredName<T>(this TableEntity row, string column)
        where T : struct, Enum
    {
        var name = row.Required<string>(column);
        return Enum.TryParse<T>(name, out var value) ? value : throw Wrong<T>(row, column, name);
    }

    private static InvalidDataException Wrong<T>(TableEntity row, string column, object? value) =>
        new(
            $"Stored row {row.PartitionKey} / {row.RowKey}: column {column} should be a {typeof(T).Name}, "
                + $"not {(value is null ? "missing" : value.GetType().Name)}."
        );
}
