using DynamicSurplus.Api.Problems;

namespace DynamicSurplus.Api.Access;

/// <summary>Ends the checking of a token.</summary>
internal sealed class TokenRefusedException : Exception
{
    /// <param name="message">
    /// For the caller too: a sentence without its full stop, of printable ASCII without quotes and backslashes.
    /// </param>
    public TokenRefusedException(string message, Exception? innerException = null)
        : base(message, innerException) =>
        Problem = new(ProblemKinds.Unauthenticated, message + ".") { Headers = [Challenge.InvalidToken(message)] };

    public TokenRefusedException()
        : this("The token is refused") { }

    private TokenRefusedException(string message, Problem problem)
        : base(message) => Problem = problem;

    public Problem Problem { get; }

    /// <summary>The token is genuine, and says nothing by which its bearer may be served.</summary>
    /// <inheritdoc cref="TokenRefusedException(string, Exception?)" path="/param"/>
    public static TokenRefusedException Forbidden(string message) =>
        new(
            message,
            new Problem(ProblemKinds.Forbidden, message + ".") { Headers = [Challenge.InsufficientScope(message)] }
        );
}
