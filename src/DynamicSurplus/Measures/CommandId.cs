namespace DynamicSurplus.Measures;

/// <summary>
/// What makes a repeated command harmless: 1 to 200 characters, unique within a lease. The API takes the request's
/// idempotency key; everything else derives it from what caused the command.
/// </summary>
public readonly record struct CommandId
{
    public const int MaxLength = 200;
    private readonly string? _value;

    private CommandId(string value) => _value = value;

    /// <exception cref="ArgumentException">Empty, or longer than 200 characters.</exception>
    public static CommandId From(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (value.Length > MaxLength)
        {
            throw new ArgumentException($"A command id is at most {MaxLength} characters long.", nameof(value));
        }
        return new(value);
    }

    public override string ToString() => _value ?? "";
}
