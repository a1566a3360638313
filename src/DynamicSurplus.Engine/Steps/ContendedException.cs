namespace DynamicSurplus.Engine.Steps;

/// <summary>Somebody else won every try at the same record: nothing is half-done, and a later try may win.</summary>
public sealed class ContendedException : Exception
{
    public ContendedException(string message)
        : base(message) { }

    public ContendedException(string message, Exception innerException)
        : base(message, innerException) { }

    public ContendedException() { }
}
