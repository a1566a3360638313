using System.Reflection;
using DynamicSurplus.Api;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Routes;

/// <summary>
/// The functions are the API's routes and the agreed others, and the host's rules of routing suit them.
/// </summary>
public sealed class FunctionTableTests
{
    private const string CatchAll = "UnknownRoute";
    private const int MostBodyLines = 15;

    /// <summary>Beside those of HTTP: settings, alerts and instances in flight know these names.</summary>
    private static readonly string[] Others =
    [
        "PricingCycle",
        "PriceShard",
        "IngestTelemetry",
        "IngestTelemetryFromStorageQueue",
        "PullTelemetry",
        "SweepLeases",
        "ReconcileBooks",
        "PurgeInstances",
        "TrimEvents",
        "DeliverWebhooks",
        "LeaseLifecycle",
        "WakeLease",
        "ReclaimWave",
        "GiveNotice",
        "ReportWave",
    ];

    [Fact]
    public void Http_functions_are_the_routes_of_the_API() =>
        FunctionTable
            .Http.Where(function => function.Name != CatchAll)
            .Select(function => Line(function.Name, function.Trigger.Methods!, "/" + function.Trigger.Route))
            .Order()
            .ShouldBe(ApiRoutes.All.Select(route => Line(route.Name, route.Methods, route.Pattern)).Order());

    [Fact]
    public void Functions_are_those_that_were_agreed() =>
        FunctionTable
            .All.Select(function => function.Name)
            .Order()
            .ShouldBe([.. ApiRoutes.All.Select(route => route.Name).Concat([CatchAll, .. Others]).Order()]);

    [Fact]
    public void Names_are_unique_whatever_their_case() =>
        FunctionTable
            .All.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .ShouldBeEmpty();

    [Fact]
    public void No_function_asks_for_a_key_of_the_platform() =>
        FunctionTable.Http.ShouldAllBe(function => function.Trigger.AuthLevel == AuthorizationLevel.Anonymous);

    [Fact]
    public void Catch_all_comes_last_in_the_hosts_order()
    {
        var last = FunctionTable.Http.MaxBy(function => function.Name, StringComparer.OrdinalIgnoreCase);

        last.Name.ShouldBe(CatchAll);
        last.Trigger.Route.ShouldBe("{**path}");
        ApiRoutes.All.SelectMany(route => route.Methods).Except(Upper(last.Trigger.Methods!)).ShouldBeEmpty();
    }

    [Fact]
    public void No_route_begins_as_the_hosts_own_do() =>
        FunctionTable
            .Http.Select(function => function.Trigger.Route!)
            .ShouldAllBe(route =>
                !route.StartsWith("admin", StringComparison.Ordinal)
                && !route.StartsWith("runtime", StringComparison.Ordinal)
            );

    /// <summary>The host takes the first function that fits: a literal has no precedence over a parameter.</summary>
    [Fact]
    public void No_two_routes_fit_the_same_request() =>
        Overlaps(FunctionTable.Http.Where(function => function.Name != CatchAll).Select(f => (f.Name, f.Trigger)))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("v1/leases/{lease}", "v1/leases/usage", true)]
    [InlineData("v1/leases/{lease}", "v1/{what}/usage", true)]
    [InlineData("v1/leases/{lease}", "v1/leases/{id}", true)]
    [InlineData("v1/leases/{lease}", "v1/leases/usage/month", false)]
    [InlineData("v1/leases/{lease}/events", "v1/leases/{lease}/statement", false)]
    [InlineData("v1/leases", "v1/rates", false)]
    public void Overlap_of_two_routes_is_found(string one, string other, bool overlaps) =>
        Overlaps([
                ("One", new HttpTriggerAttribute(AuthorizationLevel.Anonymous, "get") { Route = one }),
                ("Other", new HttpTriggerAttribute(AuthorizationLevel.Anonymous, "GET", "head") { Route = other }),
            ])
            .Any()
            .ShouldBe(overlaps);

    [Fact]
    public void Functions_that_change_leases_have_the_durable_client()
    {
        // Every lease's change may schedule what its orchestration must hear of.
        string[] changing =
        [
            nameof(ApiRoutes.RequestQuote),
            .. ApiRoutes
                .All.Where(route =>
                    route.Method != "GET" && route.Pattern.StartsWith("/v1/leases", StringComparison.Ordinal)
                )
                .Select(route => route.Name),
            "PricingCycle",
            "PriceShard",
            "SweepLeases",
            "ReconcileBooks",
            "GiveNotice",
        ];

        changing.Except(FunctionTable.All.Where(f => HasClient(f.Method)).Select(f => f.Name)).ShouldBeEmpty();
        changing.Length.ShouldBeGreaterThan(6);
    }

    [Fact]
    public void Body_of_every_trigger_is_short()
    {
        var bodies = TriggerSources.Bodies();

        bodies.Keys.ShouldBe(FunctionTable.All.Select(function => FullName(function.Method)), ignoreOrder: true);
        bodies
            .Where(body => body.Value > MostBodyLines && !IsOrchestrator(body.Key))
            .ShouldBeEmpty($"parse, one step, map: {MostBodyLines} lines");
    }

    private static string FullName(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static bool IsOrchestrator(string method) =>
        FunctionTable.All.Any(function =>
            FullName(function.Method) == method
            && function.Method.GetParameters().Any(p => p.IsDefined(typeof(OrchestrationTriggerAttribute)))
        );

    private static bool HasClient(MethodInfo method) =>
        method
            .GetParameters()
            .Any(parameter =>
                parameter.ParameterType == typeof(DurableTaskClient)
                && parameter.IsDefined(typeof(DurableClientAttribute))
            );

    private static string Line(string name, IEnumerable<string> methods, string route) =>
        $"{name}: {string.Join(' ', Upper(methods).Order())} {route}";

    private static IEnumerable<string> Upper(IEnumerable<string> methods) =>
        methods.Select(method => method.ToUpperInvariant());

    private static IEnumerable<string> Overlaps(IEnumerable<(string Name, HttpTriggerAttribute Trigger)> functions) =>
        from one in functions
        from other in functions
        where string.CompareOrdinal(one.Name, other.Name) < 0
        where Upper(one.Trigger.Methods!).Intersect(Upper(other.Trigger.Methods!)).Any()
        let pairs = one.Trigger.Route!.Split('/').Zip(other.Trigger.Route!.Split('/')).ToArray()
        where one.Trigger.Route!.Split('/').Length == other.Trigger.Route!.Split('/').Length
        where pairs.All(pair => Fits(pair.First, pair.Second))
        select $"{one.Name} and {other.Name}";

    private static bool Fits(string one, string other) =>
        one.StartsWith('{') || other.StartsWith('{') || one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
