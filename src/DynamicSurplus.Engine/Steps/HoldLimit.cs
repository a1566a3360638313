namespace DynamicSurplus.Engine.Steps;

/// <summary>What a tenant may have of holds.</summary>
public enum HoldLimit
{
    /// <summary><see cref="EngineOptions.LiveQuotes"/>.</summary>
    LiveQuotes,

    /// <summary><see cref="EngineOptions.HeldGpus"/>.</summary>
    HeldGpus,
}
