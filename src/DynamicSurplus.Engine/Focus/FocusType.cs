namespace DynamicSurplus.Engine.Focus;

/// <summary>What a column's cells hold.</summary>
public enum FocusType
{
    Text,

    /// <summary>Digits with a point, or with an exponent <c>E</c>; no plus sign, no separators.</summary>
    Number,

    /// <summary>UTC, <c>yyyy-MM-ddTHH:mm:ssZ</c>.</summary>
    DateTime,

    Json,
}
