using System.Text.Json;
using DynamicSurplus.Functions.Triggers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Triggers;

/// <summary>HTTP functions answer as the API's own pipeline does.</summary>
public sealed class HttpFunctionsTests : IAsyncDisposable
{
    private readonly App _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Health_needs_no_credential()
    {
        var (status, _, _) = await CallAsync("GET", "/health/live", Operations.HealthLiveAsync);

        status.ShouldBe(200);
    }

    [Fact]
    public async Task Rates_without_a_credential_are_a_problem_with_a_challenge()
    {
        var (status, problem, headers) = await CallAsync(
            "GET",
            "/v1/rates",
            _app.Functions<RateFunctions>().ListRatesAsync
        );

        status.ShouldBe(401);
        problem.ShouldEndWith("unauthenticated");
        headers.WWWAuthenticate.ToString().ShouldStartWith("Bearer");
    }

    [Fact]
    public async Task Function_key_is_no_credential()
    {
        var (status, problem, _) = await CallAsync(
            "POST",
            "/v1/leases",
            request =>
            {
                request.Headers["x-functions-key"] = "the-platform's-own";
                return _app.Functions<LeaseFunctions>().AcceptLeaseAsync(request, new NoClient());
            }
        );

        status.ShouldBe(401);
        problem.ShouldEndWith("unauthenticated");
    }

    [Theory]
    [InlineData("GET", "/", 404, "no-such-route")]
    [InlineData("GET", "/v2/rates", 404, "no-such-route")]
    [InlineData("DELETE", "/v1/rates", 405, "method-not-allowed")]
    [InlineData("OPTIONS", "/v1/leases", 405, "method-not-allowed")]
    public async Task Unknown_route_is_a_problem(string method, string path, int status, string type)
    {
        var (answered, problem, headers) = await CallAsync(method, path, Operations.UnknownRouteAsync);

        answered.ShouldBe(status);
        problem.ShouldEndWith(type);
        headers.Allow.Count.ShouldBe(status == 405 ? 1 : 0);
    }

    private OperationsFunctions Operations => _app.Functions<OperationsFunctions>();

    /// <returns>The status; the problem's type, empty where the answer is none; the headers.</returns>
    private static async Task<(int Status, string Problem, IHeaderDictionary Headers)> CallAsync(
        string method,
        string path,
        Func<HttpRequest, Task<IResult>> function
    )
    {
        var http = new DefaultHttpContext();
        (http.Request.Method, http.Request.Path) = (method, path);
        using var body = new MemoryStream();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));

        var answer = await function(http.Request);
        await answer.ExecuteAsync(http);

        await http.Response.CompleteAsync();
        using var json = body.Length > 0 ? JsonDocument.Parse(body.ToArray()) : null;
        var problem = http.Response.ContentType == "application/problem+json" ? json : null;
        return (
            http.Response.StatusCode,
            problem?.RootElement.GetProperty("type").GetString() ?? "",
            http.Response.Headers
        );
    }
}
