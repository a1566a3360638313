using System.Text.Json;

namespace DynamicSurplus.Api.Wire;

/// <param name="Events">CloudEvents 1.0, in the feed's order.</param>
/// <param name="Next">Cursor to go on from, always: whoever comes back with it later gets what is new.</param>
/// <param name="More">There may be more now.</param>
public sealed record EventListDocument(IReadOnlyList<JsonElement> Events, string Next, bool More);
