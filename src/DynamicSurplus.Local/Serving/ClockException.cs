namespace DynamicSurplus.Local.Serving;

/// <summary>A data folder's clock and the host's options do not go together.</summary>
internal sealed class ClockException : Exception
{
    public ClockException(string message)
        : base(message) { }

    public ClockException(string message, Exception innerException)
        : base(message, innerException) { }

    public ClockException() { }
}
