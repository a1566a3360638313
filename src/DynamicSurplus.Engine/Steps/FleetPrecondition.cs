namespace DynamicSurplus.Engine.Steps;

/// <summary>What must be true of a fleet for an operator's write to happen.</summary>
public sealed record FleetPrecondition
{
    /// <summary>None stated: a new fleet is made, an equal one is left alone, and any other write is refused.</summary>
    public static readonly FleetPrecondition None = new();

    /// <summary>It does not exist.</summary>
    public static readonly FleetPrecondition New = new() { MustBeNew = true };

    /// <summary>It exists, whatever its version.</summary>
    public static readonly FleetPrecondition Existing = new() { MustExist = true };

    private FleetPrecondition() { }

    public bool IsNone => !MustBeNew && !MustExist;

    public bool MustBeNew { get; private init; }

    public bool MustExist { get; private init; }

    /// <summary>Null: any.</summary>
    private IReadOnlyList<string>? Versions { get; init; }

    /// <summary>It exists and has one of these versions.</summary>
    public static FleetPrecondition OneOf(IReadOnlyList<string> versions) =>
        new() { MustExist = true, Versions = versions };

    /// <param name="version">Null: it does not exist.</param>
    public bool IsMetBy(string? version) =>
        version is null
            ? !MustExist
            : !MustBeNew && (Versions is null || Versions.Contains(version, StringComparer.Ordinal));
}
