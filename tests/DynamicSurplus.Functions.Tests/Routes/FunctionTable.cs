using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace DynamicSurplus.Functions.Tests.Routes;

/// <summary>The app's functions, as the platform finds them: by their attributes.</summary>
internal static class FunctionTable
{
    public static IReadOnlyList<(string Name, MethodInfo Method)> All { get; } =
    [
        .. typeof(SurplusApp)
            .Assembly.GetTypes()
            .SelectMany(type =>
                type.GetMethods(
                    BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
                )
            )
            .Where(method => method.IsDefined(typeof(FunctionAttribute)))
            .Select(method => (method.GetCustomAttribute<FunctionAttribute>()!.Name, method)),
    ];

    public static IReadOnlyList<(string Name, HttpTriggerAttribute Trigger, MethodInfo Method)> Http { get; } =
    [
        .. All.Select(function => (function.Name, Trigger: TriggerOf(function.Method), function.Method))
            .Where(function => function.Trigger is not null)
            .Select(function => (function.Name, function.Trigger!, function.Method)),
    ];

    private static HttpTriggerAttribute? TriggerOf(MethodInfo method) =>
        method
            .GetParameters()
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .FirstOrDefault(attribute => attribute is not null);
}
