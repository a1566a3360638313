using System.Net;
using Azure.Core;
using Azure.Identity;
using DynamicSurplus.Cloud.Prometheus;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Prometheus;

/// <summary>Who gets the host's tokens. No server is called.</summary>
public sealed class AzureMonitorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://w-1a2b.eastus.prometheus.monitor.azure.com", "Bearer secret")]
    [InlineData("https://W-1A2B.EastUS.Prometheus.Monitor.Azure.com/", "Bearer secret")]
    [InlineData("http://w-1a2b.eastus.prometheus.monitor.azure.com", null)]
    [InlineData("https://prometheus.monitor.azure.com.evil.example", null)]
    [InlineData("https://evilprometheus.monitor.azure.com", null)]
    [InlineData("https://evil.example/.prometheus.monitor.azure.com", null)]
    [InlineData("https://prometheus.example", null)]
    public async Task Token_goes_to_azure_monitor_by_https_and_to_nobody_else(string server, string? authorization)
    {
        using var wire = new RecordingHandler();
        var credential = new Credential();

        var reading = await ReadAsync(server, wire, credential);

        reading.ShouldBeOfType<TelemetryReading.Values>();
        wire.Authorizations.ShouldBe([authorization, authorization, authorization]);
        credential
            .Scopes.Distinct()
            .ShouldBe(authorization is null ? [] : ["https://prometheus.monitor.azure.com/.default"]);
    }

    [Fact]
    public async Task Host_without_an_identity_asks_without_a_token()
    {
        using var wire = new RecordingHandler();

        await ReadAsync("https://w.eastus.prometheus.monitor.azure.com", wire, credential: null);

        wire.Authorizations.ShouldBe([null, null, null]);
    }

    [Fact]
    public async Task Token_that_cannot_be_had_is_the_reason_and_nothing_is_sent()
    {
        using var wire = new RecordingHandler();
        var credential = new Credential { IsBroken = true };

        var reading = await ReadAsync("https://w.eastus.prometheus.monitor.azure.com", wire, credential);

        var reason = reading.ShouldBeOfType<TelemetryReading.Nothing>().Reason;
        reason.Problem.ShouldBe("this host got no token for Azure Monitor");
        reason.Fix.ShouldContain("Monitoring Data Reader");
        wire.Authorizations.ShouldBeEmpty();
    }

    private static async Task<TelemetryReading> ReadAsync(string server, RecordingHandler wire, Credential? credential)
    {
        using var http = new HttpClient(wire, disposeHandler: false);
        var adapter = new PrometheusTelemetry(
            http,
            new PrometheusOptions(),
            credential,
            NullLogger<PrometheusTelemetry>.Instance
        );
        var source = new PrometheusSource(new Uri(server), "a", "b", "c");
        return await adapter.ReadAsync(Example.Fleet(Example.FleetA) with { Telemetry = source }, Example.Noon, Cancel);
    }

    private sealed class Credential : TokenCredential
    {
        public bool IsBroken { get; init; }

        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext context, CancellationToken cancellationToken) =>
            IsBroken ? throw new AuthenticationFailedException("no") : Give(context);

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext context,
            CancellationToken cancellationToken
        ) => new(GetToken(context, cancellationToken));

        private AccessToken Give(TokenRequestContext context)
        {
            Scopes.AddRange(context.Scopes);
            return new("secret", DateTimeOffset.MaxValue);
        }
    }

    /// <summary>Answers every query with 1, and keeps the credentials that came with it.</summary>
    private sealed class RecordingHandler : HttpMessageHandler
    {
        public List<string?> Authorizations { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken token)
        {
            Authorizations.Add(request.Headers.Authorization?.ToString());
            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(StandIn.Scalar("1")) }
            );
        }
    }
}
