using System.Text;
using System.Text.Json;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// One sample as JSON states it: <c>{"fleet", "at", "healthy", "running", "queued", "watts"?}</c>. Its form is checked
/// here; whether the fleet exists and the values make sense is asked later.
/// </summary>
public ref struct SampleObject
{
    private const int ShortestTimeWithOffset = 17; // 2026-08-22T10:00Z
    private const int DateAndMinutes = 16;
    private const string TimeShape = "ISO-8601 with an offset, such as 2026-08-22T10:00:00Z";

    private Member _seen;

    /// <summary>UTF-8 of the fleet's name, whatever it is; empty where the object names none.</summary>
    public ReadOnlySpan<byte> Fleet { get; private set; }

    /// <summary>Whether the object has the member <c>fleet</c>.</summary>
    public readonly bool NamesFleet => (_seen & Member.Fleet) != Member.None;

    /// <summary>With the offset that it was stated with.</summary>
    public DateTimeOffset At { get; private set; }

    public double Healthy { get; private set; }

    public double Running { get; private set; }

    public double Queued { get; private set; }

    /// <summary>Null where the member is missing or null.</summary>
    public double? Watts { get; private set; }

    /// <summary>The first thing that is wrong with the object's form; null: nothing.</summary>
    public FieldError? Error { get; private set; }

    [Flags]
    private enum Member
    {
        None = 0,
        Fleet = 1,
        At = 2,
        Healthy = 4,
        Running = 8,
        Queued = 16,
        Watts = 32,
    }

    /// <summary>
    /// Reads the value at which the reader stands, to its end, even where something is wrong with it.
    /// </summary>
    /// <param name="fleetRequired">False where the fleet may be known from elsewhere.</param>
    /// <exception cref="JsonException">The JSON is broken.</exception>
    public static SampleObject Read(scoped ref Utf8JsonReader reader, bool fleetRequired)
    {
        var sample = new SampleObject();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            sample.Error = new("", $"is {Kind(reader.TokenType)}, not an object", "send each sample as a JSON object");
            reader.Skip();
            return sample;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            sample.ReadMember(ref reader);
        }
        sample.Error ??= sample.Missing(fleetRequired);
        return sample;
    }

    private void ReadMember(scoped ref Utf8JsonReader reader)
    {
        var name = Text(ref reader);
        var member = Find(name);
        if (member == Member.None)
        {
            Error ??= new(
                Encoding.UTF8.GetString(name[..Math.Min(name.Length, 64)]),
                "is no member of a sample",
                "send fleet, at, healthy, running, queued and, if known, watts"
            );
        }
        reader.Read();
        if ((_seen & member) == Member.None)
        {
            _seen |= member;
            ReadValue(ref reader, member);
        }
        else
        {
            Error ??= new(Name(member), "is there twice", "send each member once");
        }
        reader.Skip();
    }

    private void ReadValue(scoped ref Utf8JsonReader reader, Member member)
    {
        switch (member)
        {
            case Member.Fleet when reader.TokenType == JsonTokenType.String:
                Fleet = Text(ref reader);
                break;
            case Member.Fleet:
                Error ??= new("fleet", $"is {Kind(reader.TokenType)}, not a string", "send the fleet's id");
                break;
            case Member.At:
                ReadTime(ref reader);
                break;
            case Member.Healthy:
                Healthy = Number(ref reader, member);
                break;
            case Member.Running:
                Running = Number(ref reader, member);
                break;
            case Member.Queued:
                Queued = Number(ref reader, member);
                break;
            case Member.Watts when reader.TokenType != JsonTokenType.Null:
                Watts = Number(ref reader, member);
                break;
            default:
                break;
        }
    }

    private void ReadTime(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            Error ??= new("at", $"is {Kind(reader.TokenType)}, not a string", $"send {TimeShape}");
            return;
        }
        var text = Text(ref reader);
        // The framework takes a time without offset for one of the machine's own zone; here that is no answer.
        if (
            text.Length >= ShortestTimeWithOffset
            && text[DateAndMinutes..].ContainsAny("Z+-"u8)
            && reader.TryGetDateTimeOffset(out var at)
        )
        {
            At = at;
        }
        else
        {
            var shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 40)]);
            Error ??= new("at", $"'{shown}' is no time with an offset", $"send {TimeShape}");
        }
    }

    private double Number(scoped ref Utf8JsonReader reader, Member member)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value))
        {
            return value;
        }
        Error ??= new(Name(member), $"is {Kind(reader.TokenType)}, not a number", "send a JSON number, such as 128");
        return 0;
    }

    private readonly FieldError? Missing(bool fleetRequired)
    {
        var required = Member.At | Member.Healthy | Member.Running | Member.Queued;
        required |= fleetRequired ? Member.Fleet : Member.None;
        var missing = required & ~_seen;
        // The lowest bit: the first in the order of the documentation.
        return missing == Member.None ? null : new(Name(missing & (Member)(-(int)missing)), "is missing", "send it");
    }

    private static Member Find(ReadOnlySpan<byte> name) =>
        name switch
        {
            _ when name.SequenceEqual("fleet"u8) => Member.Fleet,
            _ when name.SequenceEqual("at"u8) => Member.At,
            _ when name.SequenceEqual("healthy"u8) => Member.Healthy,
            _ when name.SequenceEqual("running"u8) => Member.Running,
            _ when name.SequenceEqual("queued"u8) => Member.Queued,
            _ when name.SequenceEqual("watts"u8) => Member.Watts,
            _ => Member.None,
        };

    private static string Name(Member member) =>
        member switch
        {
            Member.Fleet => "fleet",
            Member.At => "at",
            Member.Healthy => "healthy",
            Member.Running => "running",
            Member.Queued => "queued",
            Member.Watts => "watts",
            _ => "",
        };

    private static string Kind(JsonTokenType token) =>
        token switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => "a string",
            JsonTokenType.Number => "a number",
            JsonTokenType.True or JsonTokenType.False => "a boolean",
            _ => "null",
        };

    /// <summary>
    /// The token's text without escapes. Only escaped text, which no honest sender needs here, costs memory.
    /// </summary>
    private static ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }
        try
        {
            return Encoding.UTF8.GetBytes(reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return reader.ValueSpan; // half a surrogate pair is no text: it stays as written and matches nothing
        }
    }
}
