namespace DynamicSurplus.Api.Problems;

/// <summary>
/// A kind of problem: its stable name and its HTTP status. <see cref="ProblemKinds"/> holds them all.
/// </summary>
/// <param name="Code">Kebab-case; part of the API's contract, never changed.</param>
/// <param name="Title">The same for every problem of the kind.</param>
public sealed record ProblemKind(string Code, int Status, string Title)
{
    /// <summary>The member <c>type</c> of RFC 9457.</summary>
    public string Type { get; } = $"urn:dynamic-surplus:problem:{Code}";
}
