namespace DynamicSurplus.Engine.Ports;

/// <summary>A lease's events in order of version, and its pending effects in order of (version, index).</summary>
public sealed record LeaseStream(IReadOnlyList<StoredEvent> Events, IReadOnlyList<PendingEffect> Effects);
