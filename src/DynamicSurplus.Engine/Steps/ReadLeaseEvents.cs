using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// A lease's events as its journal holds them, each checked against the hash that its successor carries.
/// </summary>
public sealed class ReadLeaseEvents(ILeaseJournal journal)
{
    /// <exception cref="InvalidDataException">
    /// The chain of hashes is broken: an event was altered, lost or added.
    /// </exception>
    public async Task<IReadOnlyList<LeaseEventEnvelope>> RunAsync(LeaseId lease, CancellationToken cancellationToken)
    {
        var stream = await journal.ReadAsync(lease, cancellationToken);
        var envelopes = new List<LeaseEventEnvelope>(stream.Events.Count);
        var hash = LeaseEventEnvelope.NoHash;
        foreach (var stored in stream.Events)
        {
            var envelope = LeaseEventJson.Read(stored.Json);
            if (
                !string.Equals(envelope.PreviousHash, hash, StringComparison.Ordinal)
                || envelope.Version != envelopes.Count + 1
            )
            {
                throw new InvalidDataException(
                    $"Event {stored.Version} of lease {lease} does not follow its predecessor."
                );
            }
            hash = LeaseEventJson.Hash(stored.Json.Span);
            envelopes.Add(envelope);
        }
        return envelopes;
    }
}
