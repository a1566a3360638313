namespace DynamicSurplus.Cloud.Tables;

/// <param name="FirstVersion">Of the first change's row; null where nothing was written.</param>
/// <param name="LastVersion">Of the last change's row; null where nothing was written.</param>
/// <param name="ConflictAt">The change that met another version, a row that exists, or one that is gone.</param>
internal readonly record struct TransactionAnswer(string? FirstVersion, string? LastVersion, int? ConflictAt)
{
    public bool IsDone => ConflictAt is null;
}
