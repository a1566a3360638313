namespace DynamicSurplus.Leasing;

/// <summary>What a command leads to: events to append (none: it changed nothing), or a refusal.</summary>
/// <param name="Events">In order; the command is each one's cause.</param>
/// <param name="Refusal">Not null: then there are no events.</param>
public sealed record Decision(IReadOnlyList<LeaseEvent> Events, LeaseRefusal? Refusal)
{
    public static readonly Decision Nothing = new([], null);

    internal static Decision Happened(params IReadOnlyList<LeaseEvent> happened) => new(happened, null);

    internal static Decision Refused(LeaseRefusalCode code, string detail) => new([], new(code, detail));
}
