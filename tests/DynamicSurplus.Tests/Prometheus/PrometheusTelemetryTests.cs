using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DynamicSurplus.Cloud.Prometheus;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Prometheus;

public sealed class PrometheusTelemetryTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_787_392_800_123);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_values_are_asked_for_at_one_time_and_read_from_scalars_and_vectors_of_one()
    {
        await using var server = await StandIn.StartAsync(
            (http, query, _) =>
                http.Response.WriteAsync(
                    query switch
                    {
                        "sum(healthy{a=\"Ω & b\"})" => StandIn.Vector("128"),
                        "running" => StandIn.Scalar("63.5"),
                        "queued" => StandIn.Vector("1e+02"),
                        _ => StandIn.Scalar("0.7e3"),
                    },
                    Cancel
                )
        );
        var fleet = server.Fleet("sum(healthy{a=\"Ω & b\"})", "running", "queued", "watts");

        var reading = await server.Adapter().ReadAsync(fleet, At, Cancel);

        reading.ShouldBe(new TelemetryReading.Values(128, 63.5, 100, 700));
        server.Asked.Count.ShouldBe(4);
        server.Asked.ShouldAllBe(form => form["time"] == "1787392800.123" && form["timeout"] == "5s");
    }

    [Fact]
    public async Task Watts_are_asked_for_only_where_the_fleet_says_how()
    {
        await using var server = await StandIn.StartAsync(toX: "");

        var reading = await server.Adapter().ReadAsync(server.Fleet(), At, Cancel);

        reading.ShouldBe(new TelemetryReading.Values(1, 1, 1, null));
        server.Asked.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("+Inf")]
    [InlineData("-Inf")]
    [InlineData("1e999")]
    [InlineData("many")]
    public async Task Value_that_is_no_finite_number_is_refused(string number)
    {
        var reason = await ReasonAsync(StandIn.Vector(number));

        reason.Problem.ShouldBe($"the query gave {number}");
        reason.Fix.ShouldContain("one finite number");
    }

    [Fact]
    public async Task Empty_answer_is_refused_and_the_fix_is_said_where_nothing_may_mean_0()
    {
        await using var server = await StandIn.StartAsync(StandIn.Vector());
        var adapter = server.Adapter();

        var healthy = await adapter.ReadAsync(server.Fleet(healthy: "x"), At, Cancel);
        var running = await adapter.ReadAsync(server.Fleet(running: "x"), At, Cancel);
        var queued = await adapter.ReadAsync(server.Fleet(queued: "x"), At, Cancel);
        var watts = await adapter.ReadAsync(server.Fleet(watts: "x"), At, Cancel);

        Reason(healthy)
            .ShouldSatisfyAllConditions(
                reason => reason.Field.ShouldBe("healthy"),
                reason => reason.Problem.ShouldBe("the query gave no value"),
                reason => reason.Fix.ShouldNotContain("vector(0)")
            );
        (Reason(running).Field, Reason(queued).Field, Reason(watts).Field).ShouldBe(("running", "queued", "watts"));
        Reason(running).Fix.ShouldContain("`... or vector(0)`");
        Reason(queued).Fix.ShouldContain("`... or vector(0)`");
        Reason(watts).Fix.ShouldNotContain("vector(0)");
    }

    [Theory]
    [InlineData(
        """{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]},{"metric":{},"value":[1,"1"]}]}""",
        "2 series"
    )]
    [InlineData("""{"resultType":"matrix","result":[]}""", "a matrix")]
    [InlineData("""{"resultType":"string","result":[1,"1"]}""", "a string")]
    [InlineData("""{"resultType":"vector","result":[{"metric":{},"histogram":[1,{}]}]}""", "a histogram")]
    public async Task Result_of_another_shape_is_named(string data, string what)
    {
        var reason = await ReasonAsync($$"""{"status":"success","data":{{data}}}""");

        reason.Problem.ShouldBe($"the query gave {what}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("<html>sign in</html>")]
    [InlineData("""{"status":"success"}""")]
    [InlineData("""{"status":"success","data":{}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":7}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1]}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1,2]}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1,"\ud800"]}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[7]}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":{}}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"1"]}]""")]
    [InlineData("""{"status":"fine","data":{"resultType":"scalar","result":[1,"1"]}}""")]
    public async Task Answer_that_is_not_prometheus_s_is_refused(string body)
    {
        var reason = await ReasonAsync(body);

        reason.Problem.ShouldBe("the server answered 200 and nothing that Prometheus says");
        reason.Fix.ShouldContain("/api/v1/query");
    }

    [Theory]
    [InlineData(400, "bad_data", "correct the query")]
    [InlineData(422, "execution", "correct the query")]
    [InlineData(503, "timeout", "recording rule")]
    [InlineData(500, "internal", "server's log")]
    [InlineData(200, "internal", "server's log")]
    public async Task Error_of_the_server_is_passed_on_cut_short(int status, string type, string fix)
    {
        var error = new string('e', 5_000);

        var reason = await ReasonAsync(
            $$"""{"status":"error","errorType":"{{type}}","error":"{{error}}","data":null}""",
            status
        );

        reason.Problem.ShouldStartWith($"the server answered {status}, {type}: eee");
        reason.Problem.Length.ShouldBeLessThan(400);
        reason.Fix.ShouldContain(fix);
    }

    [Theory]
    [InlineData(401, "no other credentials")]
    [InlineData(403, "no other credentials")]
    [InlineData(404, "base address")]
    [InlineData(502, "server's log")]
    public async Task Status_without_a_reason_is_told_by_its_number(int status, string fix)
    {
        var reason = await ReasonAsync("<html>", status);

        reason.Problem.ShouldStartWith($"the server answered {status}");
        reason.Fix.ShouldContain(fix);
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        await using var elsewhere = await StandIn.StartAsync(toX: StandIn.Scalar("1"));
        await using var server = await StandIn.StartAsync(
            (http, _, _) =>
            {
                http.Response.StatusCode = 307;
                http.Response.Headers.Location = new Uri(elsewhere.Address, "/base/api/v1/query").ToString();
                return Task.CompletedTask;
            }
        );

        var reading = await server.Adapter().ReadAsync(server.Fleet(), At, Cancel);

        Reason(reading).Problem.ShouldContain("307, a redirect");
        elsewhere.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Gzip_is_unpacked_and_limited_by_what_it_holds()
    {
        await using var server = await StandIn.StartAsync(
            async (http, query, _) =>
            {
                http.Response.Headers.ContentEncoding = "gzip";
                await using var gzip = new GZipStream(http.Response.Body, CompressionLevel.Fastest);
                var padding = query == "bomb" ? new string(' ', 100 * PrometheusTelemetry.MaxAnswerBytes) : "";
                await gzip.WriteAsync(Encoding.ASCII.GetBytes(StandIn.Scalar("7") + padding), Cancel);
            }
        );
        var adapter = server.Adapter();

        var good = await adapter.ReadAsync(server.Fleet(), At, Cancel);
        var bomb = await adapter.ReadAsync(server.Fleet(queued: "bomb"), At, Cancel);

        good.ShouldBe(new TelemetryReading.Values(7, 7, 7, null));
        Reason(bomb).Problem.ShouldBe("the answer has more than 65536 bytes");
    }

    [Theory]
    [InlineData(PrometheusTelemetry.MaxAnswerBytes, true)]
    [InlineData(PrometheusTelemetry.MaxAnswerBytes + 1, false)]
    public async Task Answer_is_as_large_as_the_limit_at_most(int bytes, bool counts)
    {
        await using var server = await StandIn.StartAsync(toX: StandIn.Scalar("1").PadRight(bytes));

        var reading = await server.Adapter().ReadAsync(server.Fleet(queued: "x"), At, Cancel);

        (reading is TelemetryReading.Values).ShouldBe(counts);
    }

    [Fact]
    public async Task Broken_gzip_and_an_answer_cut_off_are_told_apart_from_a_server_that_is_no_prometheus()
    {
        await using var server = await StandIn.StartAsync(
            async (http, query, _) =>
            {
                if (query == "gzip")
                {
                    http.Response.Headers.ContentEncoding = "gzip";
                    await http.Response.WriteAsync(StandIn.Scalar("1"), Cancel);
                    return;
                }
                http.Response.ContentLength = 1_000;
                await http.Response.WriteAsync(StandIn.Scalar("1"), Cancel);
                await http.Response.Body.FlushAsync(Cancel);
                http.Abort();
            }
        );
        var adapter = server.Adapter();

        var gzip = await adapter.ReadAsync(server.Fleet("gzip", "gzip", "gzip"), At, Cancel);
        var cut = await adapter.ReadAsync(server.Fleet(), At, Cancel);

        Reason(gzip).Problem.ShouldContain("broke off or is damaged");
        Reason(cut).Problem.ShouldContain("broke off or is damaged");
    }

    [Fact]
    public async Task Failure_that_passes_is_tried_again_and_one_that_stays_three_times()
    {
        await using var server = await StandIn.StartAsync(
            (http, query, before) =>
            {
                http.Response.StatusCode = query switch
                {
                    "once" when before == 0 => 503,
                    "busy" when before < 2 => 429,
                    "always" => 500,
                    "wrong" => 422,
                    _ => 200,
                };
                return http.Response.WriteAsync(StandIn.Scalar("1"), Cancel);
            }
        );
        var adapter = server.Adapter();

        var passing = await adapter.ReadAsync(server.Fleet("once", "busy", "c"), At, Cancel);
        var staying = await adapter.ReadAsync(server.Fleet("always", "wrong", "c"), At, Cancel);

        passing.ShouldBe(new TelemetryReading.Values(1, 1, 1, null));
        Reason(staying).Field.ShouldBe("healthy");
        server.Asked.Count(form => form["query"] == "always").ShouldBe(3);
        server.Asked.Count(form => form["query"] == "wrong").ShouldBe(1);
    }

    [Fact]
    public async Task Query_that_takes_too_long_is_tried_again_and_then_given_up()
    {
        await using var server = await StandIn.StartAsync(
            async (http, query, before) =>
            {
                if (query == "slow" || (query == "slow once" && before == 0))
                {
                    await Task.Delay(Timeout.Infinite, http.RequestAborted);
                }
                await http.Response.WriteAsync(StandIn.Scalar("1"), Cancel);
            }
        );
        var options = new PrometheusOptions
        {
            TryTimeout = TimeSpan.FromMilliseconds(250),
            QueryTimeout = TimeSpan.FromSeconds(30),
            RetryDelay = TimeSpan.FromMilliseconds(1),
        };
        var adapter = server.Adapter(options);

        var slow = await adapter.ReadAsync(server.Fleet(queued: "slow"), At, Cancel);

        Reason(slow).Field.ShouldBe("queued");
        Reason(slow).Problem.ShouldContain("did not answer within 0.25 s");
        slow.ShouldBeOfType<TelemetryReading.Nothing>().IsServerSilent.ShouldBeFalse("it answered the other queries");
        server.Asked.Count(form => form["query"] == "slow").ShouldBe(3);
        (
            await adapter.ReadAsync(server.Fleet(queued: "slow once"), At, Cancel)
        ).ShouldBeOfType<TelemetryReading.Values>();
    }

    [Fact]
    public async Task Server_that_nobody_can_reach_or_that_hangs_is_silent()
    {
        await using var hanging = await StandIn.StartAsync(
            (http, _, _) => Task.Delay(Timeout.Infinite, http.RequestAborted)
        );
        var options = new PrometheusOptions { QueryTimeout = TimeSpan.FromMilliseconds(300) };
        var adapter = hanging.Adapter(options);
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var fleet = hanging.Fleet();
        var nowhere = fleet with { Telemetry = fleet.Telemetry! with { Server = new Uri($"http://127.0.0.1:{port}") } };

        var hung = await adapter.ReadAsync(fleet, At, Cancel);
        var refused = await hanging.Adapter().ReadAsync(nowhere, At, Cancel);

        hung.ShouldBeOfType<TelemetryReading.Nothing>().IsServerSilent.ShouldBeTrue();
        Reason(hung).Problem.ShouldContain("did not answer within 0.3 s");
        refused.ShouldBeOfType<TelemetryReading.Nothing>().IsServerSilent.ShouldBeTrue();
        Reason(refused).Problem.ShouldContain("cannot be reached (ConnectionError)");
    }

    [Fact]
    public async Task Cancellation_ends_a_reading_at_once()
    {
        await using var server = await StandIn.StartAsync(
            (http, _, _) => Task.Delay(Timeout.Infinite, http.RequestAborted)
        );
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Should.ThrowAsync<OperationCanceledException>(() =>
            server.Adapter().ReadAsync(server.Fleet(), At, soon.Token)
        );
    }

    [Fact]
    public async Task Warnings_are_logged_without_the_query_and_the_value_counts()
    {
        var warning = new string('w', 1_000);
        await using var server = await StandIn.StartAsync(
            $$$"""
            {"status":"success","data":{"resultType":"scalar","result":[1,"5"]},
             "warnings":["{{{warning}}}","2","3","4"],"infos":["metric might not be a counter"]}
            """
        );

        var reading = await server.Adapter().ReadAsync(server.Fleet(queued: "x"), At, Cancel);

        reading.ShouldBe(new TelemetryReading.Values(1, 1, 5, null));
        server.Log.Lines.Count.ShouldBe(3);
        server.Log.Lines.ShouldAllBe(line => line.Contains("fleet-1", StringComparison.Ordinal) && line.Length < 350);
    }

    /// <summary>Why the queued value, of such an answer, is refused.</summary>
    private static async Task<FieldError> ReasonAsync(string body, int status = 200)
    {
        await using var server = await StandIn.StartAsync(body, status);

        var reason = Reason(await server.Adapter().ReadAsync(server.Fleet(queued: "x"), At, Cancel));

        reason.Field.ShouldBe("queued");
        return reason;
    }

    private static FieldError Reason(TelemetryReading reading) =>
        reading.ShouldBeOfType<TelemetryReading.Nothing>().Reason;
}
