namespace DynamicSurplus.Tests.Contracts;

/// <summary>A store of one port's, empty at first and a test's own. Disposing of it removes what was stored.</summary>
public interface IFreshStore<out TPort> : IAsyncDisposable
{
    /// <summary>An adapter over the store; where one can, another instance with each call.</summary>
    TPort Open();

    /// <summary>Lets time pass for the store: advances a fake clock, or waits.</summary>
    Task PassAsync(TimeSpan span);
}
