using Xunit;

namespace DynamicSurplus.Tests.Contracts;

/// <summary>What every adapter of a port keeps. A subclass per adapter says where a fresh store comes from.</summary>
public abstract class PortContract<TPort>
{
    protected const int Writers = 16;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract Task<IFreshStore<TPort>> CreateAsync();

    /// <summary>Runs 16 of them, none before all are there.</summary>
    protected static async Task<T[]> AtOnceAsync<T>(Func<int, Task<T>> write)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = Enumerable.Range(0, Writers).Select(RunAsync).ToArray();
        start.SetResult();
        return await Task.WhenAll(running);

        async Task<T> RunAsync(int writer)
        {
            await start.Task.WaitAsync(Stop);
            return await write(writer);
        }
    }

    /// <summary>Overwrites an array that a caller may still hold.</summary>
    protected static void Scribble(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.AsMemory(bytes).Span.Fill(0xEE);
}
