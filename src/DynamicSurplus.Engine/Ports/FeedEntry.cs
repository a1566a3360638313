namespace DynamicSurplus.Engine.Ports;

/// <param name="Sequence">Place in the tenant's feed, from 1, without gaps.</param>
public sealed record FeedEntry(long Sequence, FeedEvent Event);
