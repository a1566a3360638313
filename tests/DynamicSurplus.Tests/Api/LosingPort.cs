using System.Reflection;

namespace DynamicSurplus.Tests.Api;

/// <summary>A port whose one conditional write somebody else always wins, as long as it is told to lose.</summary>
public class LosingPort<TPort> : DispatchProxy
    where TPort : class
{
    private TPort _inner = null!;
    private string _write = "";
    private int _lost;

    public bool IsLosing { get; set; } = true;

    /// <summary>Writes lost so far.</summary>
    public int Lost => Volatile.Read(ref _lost);

    public static (TPort Port, LosingPort<TPort> Control) Around(TPort inner, string write)
    {
        var port = Create<TPort, LosingPort<TPort>>();
        var control = (LosingPort<TPort>)(object)port;
        (control._inner, control._write) = (inner, write);
        return (port, control);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (!IsLosing || targetMethod!.Name != _write)
        {
            return targetMethod!.Invoke(_inner, args);
        }
        Interlocked.Increment(ref _lost);
        return Task.FromResult(false);
    }
}
