namespace DynamicSurplus.Engine.Ports;

/// <summary>Types of events that somebody wants; none named: all.</summary>
public readonly record struct EventTypes
{
    private readonly string? _text;

    private EventTypes(string text) => _text = text;

    public bool IsAll => string.IsNullOrEmpty(_text);

    public IReadOnlyList<string> Names => IsAll ? [] : _text!.Split(' ');

    /// <param name="names">Without spaces; their order and repeats mean nothing.</param>
    public static EventTypes Of(IEnumerable<string> names) =>
        new(string.Join(' ', names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));

    public static EventTypes Parse(string text) => Of(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public bool Matches(string type) => IsAll || Names.Contains(type, StringComparer.Ordinal);

    public override string ToString() => _text ?? "";
}
