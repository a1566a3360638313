using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Engine.Steps;

/// <param name="Next">Cursor to go on from, whether there is anything behind it or not.</param>
/// <param name="More">There may be more behind it now.</param>
/// <param name="IsLost">
/// The cursor does not lie in the feed: what was behind it has been trimmed, or it is another feed's. Nothing was read.
/// </param>
public sealed record EventPage(IReadOnlyList<FeedEntry> Entries, long Next, bool More, bool IsLost = false);
