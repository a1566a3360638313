namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// What one append may be, on every storage: a table takes 100 rows in one transaction, 64 KiB in one column.
/// </summary>
public static class JournalLimits
{
    /// <summary>
    /// Events, effects and done effects together; a decision makes about ten, and an adapter adds rows of its own.
    /// </summary>
    public const int MaxChanges = 64;

    /// <summary>Of one event or effect.</summary>
    public const int MaxJsonBytes = 64 * 1024;

    /// <summary>Refuses what is no append: every adapter asks this first.</summary>
    /// <exception cref="ArgumentException">
    /// No event; versions that do not follow <paramref name="expectedVersion"/> one by one; an effect of another event
    /// or given twice; more than <see cref="MaxChanges"/>; JSON above <see cref="MaxJsonBytes"/>.
    /// </exception>
    public static void Require(
        long expectedVersion,
        IReadOnlyList<StoredEvent> events,
        IReadOnlyList<PendingEffect> effects,
        IReadOnlyList<PendingEffect> done
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        if (events.Count == 0)
        {
            throw new ArgumentException("Append at least one event; complete effects that go alone.", nameof(events));
        }
        if (events.Count + effects.Count + done.Count > MaxChanges)
        {
            throw new ArgumentException(
                $"Append at most {MaxChanges} events, effects and done effects together.",
                nameof(events)
            );
        }
        for (var i = 0; i < events.Count; i++)
        {
            var version = expectedVersion + 1 + i;
            if (events[i].Version != version || events[i].Json.Length > MaxJsonBytes)
            {
                throw new ArgumentException(
                    $"Event {i} must have version {version}, not {events[i].Version}, and at most {MaxJsonBytes} "
                        + $"bytes, not {events[i].Json.Length}.",
                    nameof(events)
                );
            }
        }
        var seen = new HashSet<(long, int)>();
        foreach (var effect in effects)
        {
            if (effect.Version <= expectedVersion || effect.Version > expectedVersion + events.Count)
            {
                throw new ArgumentException(
                    $"Effect ({effect.Version}, {effect.Index}) is of no event of this append.",
                    nameof(effects)
                );
            }
            if (!seen.Add((effect.Version, effect.Index)) || effect.Json.Length > MaxJsonBytes)
            {
                throw new ArgumentException(
                    $"Effect ({effect.Version}, {effect.Index}) must come once and with at most {MaxJsonBytes} bytes, "
                        + $"not {effect.Json.Length}.",
                    nameof(effects)
                );
            }
        }
    }
}
