namespace DynamicSurplus.Engine.Steps;

/// <summary>A lease's stream does not hold.</summary>
internal sealed class BrokenStreamException(long? version, string message) : Exception(message)
{
    /// <summary>Of the event where it breaks.</summary>
    public long? Version => version;
}
