using DynamicSurplus.Api.Problems;

namespace DynamicSurplus.Api.Access;

/// <summary>Ends the checking of a token.</summary>
internal static class TokenRefusal
{
    /// <summary>The token is not valid: another may be.</summary>
    /// <param name="sentence">
    /// For the caller too: without its full stop, of printable ASCII without quotes and backslashes.
    /// </param>
    public static ProblemException Invalid(string sentence, Exception? cause = null) =>
        new(
            new Problem(ProblemKinds.Unauthenticated, sentence + ".") { Headers = [Challenge.InvalidToken(sentence)] },
            cause
        );

    /// <summary>The token is genuine, and says nothing by which its bearer may be served.</summary>
    /// <inheritdoc cref="Invalid" path="/param[@name='sentence']"/>
    public static ProblemException Forbidden(string sentence) =>
        new(new Problem(ProblemKinds.Forbidden, sentence + ".") { Headers = [Challenge.InsufficientScope(sentence)] });
}
