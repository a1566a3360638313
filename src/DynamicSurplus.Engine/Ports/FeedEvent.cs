using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>An event as listeners get it.</summary>
/// <param name="Id">
/// Of the event, however often it is published: 1 to 100 lower-case letters, digits and hyphens.
/// </param>
/// <param name="Type">As the CloudEvent has it.</param>
/// <param name="PublishedAt">On the engine's clock; what is old is trimmed by it.</param>
/// <param name="Json">The whole CloudEvent in UTF-8, at most 64 KiB.</param>
public sealed record FeedEvent(
    string Id,
    string Type,
    LeaseId Lease,
    DateTimeOffset PublishedAt,
    ReadOnlyMemory<byte> Json
)
{
    public const int MaxJsonBytes = 64 << 10;
    public const int MaxIdLength = 100;

    /// <summary>What every adapter refuses before it writes.</summary>
    /// <exception cref="ArgumentException">The id has another shape, or the JSON is too large.</exception>
    public static void Require(FeedEvent happened)
    {
        if (
            happened.Id.Length is 0 or > MaxIdLength
            || !happened.Id.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        )
        {
            throw new ArgumentException(
                $"'{happened.Id}' is no event id: 1 to {MaxIdLength} of a-z, 0-9 and '-'.",
                nameof(happened)
            );
        }
        if (happened.Json.Length > MaxJsonBytes)
        {
            throw new ArgumentException(
                $"An event of {happened.Json.Length} bytes is above {MaxJsonBytes}.",
                nameof(happened)
            );
        }
    }
}
