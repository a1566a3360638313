using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Problems;

/// <summary>Why a request was not served (RFC 9457).</summary>
/// <param name="Detail">Of this occurrence, for a person to read; names no other tenant.</param>
public sealed record Problem(ProblemKind Kind, string Detail)
{
    /// <summary>What is wrong with which field of the request, and how to put it right.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>What could be had instead; null where the question does not arise.</summary>
    public IReadOnlyList<MatchAlternative>? Alternatives { get; init; }

    /// <summary>Wall seconds after which another try may end better; null: it will not.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Headers that the kind of problem asks for.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What an operator finds the failure by in the log.</summary>
    public string? TraceId { get; init; }

    /// <summary>A problem with one field, whose detail says the same in a sentence.</summary>
    public static Problem With(ProblemKind kind, string field, string problem, string fix) =>
        new(kind, $"{field}: {problem}; {fix}.") { Errors = [new(field, problem, fix)] };

    /// <summary>A problem with one field or more.</summary>
    public static Problem With(ProblemKind kind, IReadOnlyList<FieldError> errors) =>
        errors is [var one]
            ? With(kind, one.Field, one.Problem, one.Fix)
            : new(kind, $"{errors.Count} fields are wrong: {string.Join(", ", errors.Select(e => e.Field))}.")
            {
                Errors = errors,
            };
}
