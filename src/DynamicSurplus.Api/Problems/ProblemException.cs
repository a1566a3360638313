namespace DynamicSurplus.Api.Problems;

/// <summary>
/// Ends the reading of a request that cannot be read; a handler's own refusals are returned, not thrown.
/// </summary>
public sealed class ProblemException : Exception
{
    public ProblemException(Problem problem, Exception? innerException = null)
        : base(problem.Detail, innerException) => Problem = problem;

    public ProblemException()
        : this("The request cannot be read.") { }

    public ProblemException(string message)
        : this(new Problem(ProblemKinds.MalformedRequest, message)) { }

    public ProblemException(string message, Exception innerException)
        : base(message, innerException) => Problem = new(ProblemKinds.MalformedRequest, message);

    public Problem Problem { get; }
}
