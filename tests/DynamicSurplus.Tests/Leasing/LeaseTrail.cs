using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Tests.Leasing;

/// <summary>One lease under commands: what a driver does, without storage.</summary>
internal sealed class LeaseTrail(LeaseId id)
{
    private readonly List<LeaseEventEnvelope> _envelopes = [];
    private readonly List<LeaseEffect> _effects = [];

    public Lease Lease { get; private set; } = Lease.None(id);

    public IReadOnlyList<LeaseEventEnvelope> Envelopes => _envelopes;

    public IReadOnlyList<LeaseEffect> Effects => _effects;

    public IEnumerable<LeaseEvent> Events => _envelopes.Select(envelope => envelope.Event);

    public Decision Do(LeaseCommand command)
    {
        var decision = LeaseDecider.Decide(command, Lease);
        foreach (var happened in decision.Events)
        {
            var envelope = new LeaseEventEnvelope(
                id,
                Lease.Version + 1,
                LeaseEventEnvelope.CurrentSchemaVersion,
                command.Id,
                command.CausingTick,
                LeaseEventEnvelope.NoHash,
                happened
            );
            Lease = LeaseDecider.Evolve(Lease, envelope);
            _envelopes.Add(envelope);
            _effects.AddRange(LeaseDecider.React(Lease, happened));
        }
        return decision;
    }

    public LeaseTrail After(params ReadOnlySpan<LeaseCommand> commands)
    {
        foreach (var command in commands)
        {
            Do(command);
        }
        return this;
    }
}
