namespace DynamicSurplus.Fleets;

/// <summary>What a fleet's machines are for. The two are decoupled: a build never lands on a GPU cluster.</summary>
public enum WorkloadClass
{
    /// <summary>Training and high-throughput inference on GPU clusters.</summary>
    Model,

    /// <summary>Native builds, CI and signing on developer nodes, such as Mac mini M4.</summary>
    Build,
}
