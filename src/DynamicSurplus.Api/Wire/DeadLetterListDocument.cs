namespace DynamicSurplus.Api.Wire;

/// <param name="Next">Cursor of the next page; null: this was the last.</param>
public sealed record DeadLetterListDocument(IReadOnlyList<DeadLetterDocument> DeadLetters, string? Next);
