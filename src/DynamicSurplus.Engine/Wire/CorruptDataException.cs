namespace DynamicSurplus.Engine.Wire;

/// <summary>Stored bytes that are not what was written: truncated, altered, or of a version this build cannot read.</summary>
public sealed class CorruptDataException : Exception
{
    public CorruptDataException(string message)
        : base(message) { }

    public CorruptDataException(string message, Exception innerException)
        : base(message, innerException) { }

    public CorruptDataException() { }
}
