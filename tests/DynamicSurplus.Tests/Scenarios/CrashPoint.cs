namespace DynamicSurplus.Tests.Scenarios;

/// <summary>
/// Counts the calls to storage and kills the process at one of them: before it happens, or before its answer is heard.
/// </summary>
/// <param name="call">Which call, from 1; 0: none.</param>
public sealed class CrashPoint(int call, bool afterTheWrite)
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public bool HasCrashed => call > 0 && Calls >= call;

    /// <summary>From the crash on nothing reaches storage any more.</summary>
    /// <returns>Whether the answer to this call is lost.</returns>
    public bool Count(string what)
    {
        var number = Interlocked.Increment(ref _calls);
        return number == call && afterTheWrite ? true
            : call > 0 && number >= call ? throw new CrashException($"killed at call {number}, {what}")
            : false;
    }
}
