namespace DynamicSurplus.Engine.Steps;

/// <summary>A lease's stream does not hold.</summary>
public sealed class BrokenStreamException : Exception
{
    public BrokenStreamException(long? version, string message)
        : base(message) => Version = version;

    public BrokenStreamException(string message)
        : base(message) { }

    public BrokenStreamException(string message, Exception innerException)
        : base(message, innerException) { }

    public BrokenStreamException() { }

    /// <summary>Of the event where it breaks.</summary>
    public long? Version { get; }
}
