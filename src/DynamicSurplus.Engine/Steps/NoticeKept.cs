using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// The notice that a reclaimed lease was promised, and the time between its sending and the forced end.
/// </summary>
public readonly record struct NoticeKept(TimeSpan Promised, TimeSpan Given)
{
    public bool IsKept => Given >= Promised;

    /// <summary>Of a lease's reclaims that came to their end, of all its GPUs or some; drills are none.</summary>
    /// <param name="events">All of the lease's.</param>
    public static IReadOnlyList<NoticeKept> In(IEnumerable<LeaseEventEnvelope> events)
    {
        var (kept, promised) = (new List<NoticeKept>(), TimeSpan.Zero);
        LeaseEvent.NoticeSent? sent = null;
        foreach (var happened in events.Select(envelope => envelope.Event))
        {
            switch (happened)
            {
                case LeaseEvent.Held held:
                    promised = held.Terms.Notice;
                    break;
                case LeaseEvent.NoticeSent notice:
                    sent = notice;
                    break;
                case LeaseEvent.Ended { Reason: EndReason.Reclaimed } or LeaseEvent.Shrunk when sent is not null:
                    kept.Add(new(promised, happened.At - sent.At));
                    break;
            }
        }
        return kept;
    }
}
