namespace DynamicSurplus.Engine.Focus;

/// <summary>What a column's text or JSON must look like besides its type.</summary>
public enum FocusFormat
{
    /// <summary>ISO 4217: three capitals.</summary>
    Currency,

    /// <summary>Such as <c>Hours</c>, <c>GPU-Hours</c>, <c>GB/Day</c> or <c>1000 Tokens</c>.</summary>
    Unit,

    /// <summary>A JSON object of unique keys whose values are neither objects nor arrays.</summary>
    KeyValue,
}
