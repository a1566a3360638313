using System.Diagnostics.CodeAnalysis;

namespace DynamicSurplus.Functions.Tests.Durable;

/// <summary>A replay did something else than the first run: the orchestrator looked at more than its history.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It always says what differs.")]
internal sealed class NonDeterminismException(string message) : Exception(message);
