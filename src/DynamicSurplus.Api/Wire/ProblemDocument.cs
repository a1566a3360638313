using DynamicSurplus.Api.Problems;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Wire;

/// <summary>A problem as <c>application/problem+json</c> (RFC 9457) with the members that this API adds.</summary>
public sealed record ProblemDocument(
    string Type,
    string Title,
    int Status,
    string Detail,
    IReadOnlyList<FieldError>? Errors,
    IReadOnlyList<AlternativeDocument>? Alternatives,
    string? TraceId
)
{
    public const string ContentType = "application/problem+json";

    public static ApiAnswer Answer(Problem problem)
    {
        var document = new ProblemDocument(
            problem.Kind.Type,
            problem.Kind.Title,
            problem.Kind.Status,
            problem.Detail,
            problem.Errors is [] ? null : problem.Errors,
            problem.Alternatives?.Select(AlternativeDocument.Of).ToList(),
            problem.TraceId
        );
        return ApiAnswer.Of(problem.Kind.Status, document, ApiJson.Shared.ProblemDocument) with
        {
            ContentType = ContentType,
            ProblemType = problem.Kind.Type,
            RetryAfterSeconds = problem.RetryAfterSeconds,
            MoreHeaders = problem.Headers,
        };
    }
}
