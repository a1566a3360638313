namespace DynamicSurplus.Engine.Ports;

/// <summary>An event that a webhook's receiver would not take.</summary>
/// <param name="Tries">That failed, replays too.</param>
/// <param name="Failure">The last one, in words.</param>
/// <param name="At">Of the last try, on the wall's clock.</param>
public sealed record DeadLetter(FeedEntry Entry, int Tries, string Failure, DateTimeOffset At)
{
    public long Sequence => Entry.Sequence;
}
