using System.Collections.Immutable;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>The ids of the commands that made events, in order, each once; equal by content.</summary>
public readonly record struct HandledCommands
{
    private readonly ImmutableArray<CommandId> _ids;

    private HandledCommands(ImmutableArray<CommandId> ids) => _ids = ids;

    private ReadOnlySpan<CommandId> Ids => _ids.IsDefault ? [] : _ids.AsSpan();

    public bool Contains(CommandId id) => Ids.Contains(id);

    public HandledCommands With(CommandId id) => Contains(id) ? this : new([.. Ids, id]);

    public bool Equals(HandledCommands other) => Ids.SequenceEqual(other.Ids);

    public override int GetHashCode() => Ids.IsEmpty ? 0 : HashCode.Combine(Ids.Length, Ids[^1]);
}
