using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>Reads a lease from its journal and appends what is decided. Every change of a lease passes here.</summary>
public sealed class LeaseStreams(ILeaseJournal journal)
{
    private const int Tries = 3;

    public async Task<LeaseState> ReadAsync(LeaseId id, CancellationToken cancellationToken)
    {
        var stream = await journal.ReadAsync(id, cancellationToken);
        var events = stream.Events.Select(stored => LeaseEventJson.Read(stored.Json)).ToArray();
        var lease = events.Aggregate(Lease.None(id), LeaseDecider.Evolve);
        var lastHash = stream.Events is [.., var last]
            ? LeaseEventJson.Hash(last.Json.Span)
            : LeaseEventEnvelope.NoHash;
        return new(lease, events, lastHash, [.. stream.Effects.Select(Outstanding.From)]);
    }

    /// <summary>
    /// Decides on the state given and appends; after a conflict, decides again on the state as it is now, three times.
    /// </summary>
    /// <param name="done">Effects that the command concludes; removed in the same transaction.</param>
    /// <exception cref="ContendedException">Somebody else won three times.</exception>
    public async Task<LeaseOutcome> AppendAsync(
        LeaseState state,
        LeaseCommand command,
        IReadOnlyList<Outstanding> done,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var decision = LeaseDecider.Decide(command, state.Lease);
            if (decision.Events.Count == 0)
            {
                await journal.CompleteAsync(state.Lease.Id, [.. done.Select(d => d.Stored)], cancellationToken);
                return new(state.Without(done), decision.Refusal);
            }
            var (next, events, effects) = Fold(state, command, decision.Events);
            if (
                await journal.TryAppendAsync(
                    state.Lease.Id,
                    state.Lease.Version,
                    events,
                    [.. effects.Select(e => e.Stored)],
                    [.. done.Select(d => d.Stored)],
                    cancellationToken
                )
            )
            {
                return new(next.Without(done), null);
            }
            await Backoff.AfterAsync(attempt, cancellationToken);
            state = await ReadAsync(state.Lease.Id, cancellationToken);
        }
        throw new ContendedException(
            $"Lease {state.Lease.Id} changed {Tries} times while it was decided on; try again."
        );
    }

    private static (LeaseState Next, List<StoredEvent> Events, List<Outstanding> Effects) Fold(
        LeaseState state,
        LeaseCommand command,
        IReadOnlyList<LeaseEvent> happened
    )
    {
        var (lease, hash) = (state.Lease, state.LastHash);
        var (envelopes, events, effects) = (state.Events.ToList(), new List<StoredEvent>(), new List<Outstanding>());
        foreach (var item in happened)
        {
            var envelope = new LeaseEventEnvelope(
                lease.Id,
                lease.Version + 1,
                LeaseEventEnvelope.CurrentSchemaVersion,
                command.Id,
                command.CausingTick,
                hash,
                item
            );
            lease = LeaseDecider.Evolve(lease, envelope);
            envelopes.Add(envelope);
            var json = LeaseEventJson.Write(envelope);
            hash = LeaseEventJson.Hash(json.Span);
            events.Add(new(envelope.Version, json));
            effects.AddRange(
                LeaseDecider
                    .React(lease, item)
                    .Select((effect, index) => Outstanding.Of(envelope.Version, index, effect))
            );
        }
        return (new(lease, envelopes, hash, [.. state.Pending, .. effects]), events, effects);
    }
}
