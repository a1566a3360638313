using System.Diagnostics.CodeAnalysis;

namespace DynamicSurplus.Local.Serving;

/// <summary>The storage emulator cannot be used; the message says why and what to do.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown here alone, and never without a failure and a message.")]
public sealed class AzuriteException(AzuriteFailure failure, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public AzuriteFailure Failure { get; } = failure;
}
