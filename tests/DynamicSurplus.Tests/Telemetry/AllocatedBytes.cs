namespace DynamicSurplus.Tests.Telemetry;

/// <summary>What an action allocates on its thread once it is warm.</summary>
internal static class AllocatedBytes
{
    /// <summary>
    /// The least of several runs: the runtime's own, such as recompiling a method, are not the action's.
    /// </summary>
    public static long Of(Action action)
    {
        var least = long.MaxValue;
        for (var run = 0; run < 5; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
