using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;

namespace DynamicSurplus.Api;

/// <summary>What is said of requests that no route serves.</summary>
internal static class UnknownRoutes
{
    private static readonly (ApiRoute Route, TemplateMatcher Path)[] Paths =
    [
        .. ApiRoutes.All.Select(route => (route, new TemplateMatcher(TemplateParser.Parse(route.Pattern[1..]), []))),
    ];

    /// <summary>
    /// A slash in a fleet's id: whoever sends it should hear about the id, not about a missing route.
    /// </summary>
    /// <param name="id">What stands where the id would.</param>
    public static bool IsFleetWithSlash(HttpRequest request, out string id)
    {
        id = "";
        if (
            !HttpMethods.IsPut(request.Method)
            || !request.Path.StartsWithSegments("/v1/fleets", StringComparison.Ordinal, out var rest)
            || !rest.HasValue
        )
        {
            return false;
        }
        id = rest.Value.TrimStart('/');
        return true;
    }

    /// <summary>The address serves other methods, or nothing at all.</summary>
    public static Problem ProblemOf(HttpRequest request)
    {
        var methods = Paths
            .Where(known => known.Path.TryMatch(request.Path, []))
            .SelectMany(known => known.Route.Methods)
            .ToArray();
        var allow = string.Join(", ", methods);
        return methods.Length == 0
            ? new(ProblemKinds.NoRoute, $"{request.Method} {FieldErrors.Cut(request.Path)} is no route.")
            : new(ProblemKinds.MethodNotAllowed, $"{FieldErrors.Cut(request.Path)} serves {allow}.")
            {
                Headers = [new("Allow", allow)],
            };
    }
}
