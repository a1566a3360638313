using DynamicSurplus.Fleets;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Fleets;

public sealed class PrometheusSourceTests
{
    private static readonly PrometheusSource Good = new(
        new Uri("http://10.0.0.7:9090/prometheus/"),
        "a",
        "b",
        "c",
        "d"
    );

    [Fact]
    public void Source_of_an_address_and_queries_is_valid_with_watts_and_without()
    {
        Good.Validate().ShouldBeEmpty();
        (Good with { Watts = null }).Validate().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("prometheus.example")]
    [InlineData("ftp://prometheus.example")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://me:hunter2@prometheus.example")]
    [InlineData("https://prometheus.example?tenant=hunter2")]
    [InlineData("https://prometheus.example/#hunter2")]
    public void Address_of_another_shape_is_refused_and_not_repeated(string server)
    {
        var source = Good with { Server = new Uri(server, UriKind.RelativeOrAbsolute) };

        var error = source.Validate().ShouldHaveSingleItem();

        error.Field.ShouldBe("telemetry.prometheus.server");
        error.ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public void Address_and_queries_are_as_long_as_their_limits_at_most()
    {
        var server = "https://p.example/".PadRight(PrometheusSource.MaxServerLength, 'x');
        var query = new string('q', PrometheusSource.MaxQueryLength);

        new PrometheusSource(new Uri(server), query, query, query, query).Validate().ShouldBeEmpty();
        new PrometheusSource(new Uri(server + "x"), query + "q", query, query)
            .Validate()
            .Select(error => error.Field)
            .ShouldBe(["telemetry.prometheus.server", "telemetry.prometheus.healthy"]);
    }

    [Fact]
    public void Every_empty_query_is_named()
    {
        var source = Good with { Healthy = "", Running = " ", Queued = "\n", Watts = "" };

        source
            .Validate()
            .Select(error => error.Field[(error.Field.LastIndexOf('.') + 1)..])
            .ShouldBe(["healthy", "running", "queued", "watts"]);
    }
}
