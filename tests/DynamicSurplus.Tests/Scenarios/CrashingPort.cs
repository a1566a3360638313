using System.Reflection;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>A port whose every call may be the process's last.</summary>
public class CrashingPort<TPort> : DispatchProxy
    where TPort : class
{
    private TPort _inner = null!;
    private CrashPoint _point = null!;

    public static TPort Around(TPort inner, CrashPoint point)
    {
        var port = Create<TPort, CrashingPort<TPort>>();
        var proxy = (CrashingPort<TPort>)(object)port;
        (proxy._inner, proxy._point) = (inner, point);
        return port;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var what = $"{typeof(TPort).Name}.{targetMethod!.Name}";
        if (!_point.Count(what))
        {
            return targetMethod.Invoke(_inner, args);
        }
        // The write lands, and nobody hears of it: in-memory calls are complete when they return.
        targetMethod.Invoke(_inner, args);
        throw new CrashException($"killed after {what}");
    }
}
