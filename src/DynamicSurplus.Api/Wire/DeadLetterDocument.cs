using System.Globalization;
using System.Text.Json;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Api.Wire;

/// <param name="Cursor">Of the event in the feed.</param>
/// <param name="Tries">That failed.</param>
/// <param name="At">Of the last try.</param>
/// <param name="Event">The CloudEvent that was not taken.</param>
public sealed record DeadLetterDocument(string Cursor, int Tries, string Failure, DateTimeOffset At, JsonElement Event)
{
    public static DeadLetterDocument Of(DeadLetter letter) =>
        new(
            letter.Sequence.ToString(CultureInfo.InvariantCulture),
            letter.Tries,
            letter.Failure,
            letter.At,
            JsonElement.Parse(letter.Entry.Event.Json.Span)
        );
}
