using System.Globalization;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Holds one lease's stream against itself: rows as written, events chained without a gap, effects that events ask for,
/// and a bill that follows from what is metered. Pure.
/// </summary>
internal static class AuditStream
{
    /// <returns>Null where the stream does not hold: the first reason is among the divergences.</returns>
    public static AuditedLease? Of(ScannedStream scanned, ICollection<Divergence> found)
    {
        var before = found.Count;
        if (!LeaseId.TryParse(scanned.Lease, out var id))
        {
            found.Add(new($"lease {scanned.Lease}", null, "that is no lease's id: a key was altered"));
        }
        foreach (var (version, what) in scanned.Damage.OrderBy(damage => damage.Version))
        {
            found.Add(new($"lease {scanned.Lease}", version, what));
        }
        if (found.Count > before)
        {
            return null;
        }
        try
        {
            var audited = Replay(id, scanned.Stream);
            if (Bill(audited.Lease) is { } what)
            {
                found.Add(Divergence.Of(id, audited.Lease.Version, what));
            }
            return audited;
        }
        catch (BrokenStreamException exception)
        {
            found.Add(Divergence.Of(id, exception.Version, exception.Message));
            return null;
        }
    }

    private static AuditedLease Replay(LeaseId id, LeaseStream stream)
    {
        var states = new List<Lease> { Lease.None(id) };
        var hashes = new List<string> { LeaseEventEnvelope.NoHash };
        var asked = new List<IReadOnlyList<LeaseEffect>> { Array.Empty<LeaseEffect>() };
        var happened = new List<LeaseEventEnvelope>();
        foreach (var stored in stream.Events)
        {
            var envelope = Read(id, stored, expected: states.Count, hashes[^1], states[^1]);
            try
            {
                states.Add(LeaseDecider.Evolve(states[^1], envelope));
                asked.Add(LeaseDecider.React(states[^1], envelope.Event));
            }
            catch (Exception exception)
                when (exception is InvalidOperationException or ArgumentException or NullReferenceException)
            {
                // An event that could not happen: what it builds on is not there.
                throw new BrokenStreamException(
                    stored.Version,
                    $"{envelope.Event.GetType().Name} cannot follow {states[^1].Status}"
                );
            }
            hashes.Add(LeaseEventJson.Hash(stored.Json.Span));
            happened.Add(envelope);
        }
        if (states.Count == 1)
        {
            throw new BrokenStreamException(null, "its effects are there, and none of its events");
        }
        return new(
            states,
            hashes,
            asked,
            [.. stream.Effects.Select(effect => Pending(effect, asked))],
            NoticeKept.In(happened)
        );
    }

    private static LeaseEventEnvelope Read(LeaseId id, StoredEvent stored, long expected, string hash, Lease before)
    {
        if (stored.Version != expected)
        {
            throw new BrokenStreamException(expected, $"it is missing; event {stored.Version} follows");
        }
        LeaseEventEnvelope envelope;
        try
        {
            envelope = LeaseEventJson.Read(stored.Json);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
        {
            throw new BrokenStreamException(stored.Version, exception.Message);
        }
        var what =
            envelope.Lease != id ? $"it is of lease {envelope.Lease}"
            : envelope.Version != expected ? $"it calls itself event {envelope.Version}"
            : !string.Equals(envelope.PreviousHash, hash, StringComparison.Ordinal)
                ? expected == 1 ? "it carries the hash of an event before the first"
                    : $"it does not carry the hash of event {expected - 1} as stored: one of the two was altered"
            : envelope.Event.At < before.LastEventAt ? "it took effect before the event that it follows"
            : Lines(before, envelope.Event) is { } lines ? lines
            : null;
        return what is null ? envelope : throw new BrokenStreamException(stored.Version, what);
    }

    /// <summary>A pending effect is what React says, or it was never asked for.</summary>
    private static (long Version, LeaseEffect Effect) Pending(
        PendingEffect pending,
        List<IReadOnlyList<LeaseEffect>> asked
    )
    {
        var effect =
            pending.Version > 0 && pending.Version < asked.Count && pending.Index < asked[(int)pending.Version].Count
                ? asked[(int)pending.Version][pending.Index]
                : null;
        return effect is not null && LeaseEventJson.WriteEffect(effect).Span.SequenceEqual(pending.Json.Span)
            ? (pending.Version, effect)
            : throw new BrokenStreamException(
                pending.Version,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its pending effect {pending.Index} is none that it asks for"
                )
            );
    }

    /// <summary>What was settled, and corrected since, against what the events before come to.</summary>
    private static string? Bill(Lease lease)
    {
        if (lease is not { Status: LeaseStatus.Settled, EndedAt: { } ended })
        {
            return null;
        }
        var statement = LeaseStatement.Of(lease, ended);
        var seconds = statement.Lines.Where(line => line.Kind == StatementLineKind.Usage).Sum(line => line.Seconds);
        return statement.Total != lease.Amount ? $"{lease.Amount} USD were settled, its events make {statement.Total}"
            : seconds != lease.BilledSeconds ? $"{lease.BilledSeconds} s were billed, its events make {seconds}"
            : null;
    }

    /// <summary>The lines that a settlement has written down, against those that its lease's meter makes.</summary>
    private static string? Lines(Lease before, LeaseEvent happened) =>
        happened is LeaseEvent.Settled { Lines: { } settled }
        && before.EndedAt is { } ended
        && !settled.SequenceEqual(LeaseStatement.Of(before, ended).Lines)
            ? "its lines are not those that the events before make"
            : null;
}
