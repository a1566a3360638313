namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// Storage was asked as often as it may be, and gave no answer that says anything: what was asked may have been done,
/// or
/// not. A repeat finds out.
/// </summary>
public sealed class UnavailableException : Exception
{
    public UnavailableException(string message)
        : base(message) { }

    public UnavailableException(string message, Exception innerException)
        : base(message, innerException) { }

    public UnavailableException() { }
}
