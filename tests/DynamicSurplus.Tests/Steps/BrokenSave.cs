using System.Reflection;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Tests.Steps;

/// <summary>A shard store that is out of reach for some saves.</summary>
public class BrokenSave : DispatchProxy
{
    private IShardStore _inner = null!;

    /// <summary>Saves that fail, from now on.</summary>
    public int Failures { get; set; }

    public static IShardStore Of(IShardStore inner)
    {
        var store = Create<IShardStore, BrokenSave>();
        ((BrokenSave)(object)store)._inner = inner;
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IShardStore.TrySaveStateAsync) && Failures-- > 0
            ? Task.FromException<string?>(new IOException("The store is out of reach."))
            : targetMethod.Invoke(_inner, args);
}
