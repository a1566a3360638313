using System.Diagnostics.CodeAnalysis;

namespace DynamicSurplus.Engine.Webhooks;

/// <summary>A webhook's address leads where none may lead. The message is for its owner to read.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without the reason it would say nothing.")]
public sealed class TargetRefusedException(string message) : IOException(message);
