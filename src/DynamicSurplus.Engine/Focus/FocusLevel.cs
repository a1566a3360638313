namespace DynamicSurplus.Engine.Focus;

/// <summary>Whether a column has to be there.</summary>
public enum FocusLevel
{
    Mandatory,

    /// <summary>Where the provider supports what it describes.</summary>
    Conditional,

    Recommended,
}
