using DynamicSurplus.Api.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class LogLeakTests
{
    [Fact]
    public async Task Log_and_answers_never_hold_a_credential()
    {
        const string Wrong = "dsk_wrong-but-perhaps-just-mistyped";
        const string NoToken = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZWNyZXQtYmVhcmVyIn0.c2lnbmF0dXJl";
        using var log = new TestLog(LogLevel.Trace);
        await using var provider = await TokenProvider.StartAsync(TimeProvider.System);
        await using var host = await ApiHost.WithFleetAsync(
            services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)),
            entra: new EntraOptions { Authority = provider.Authority, Audience = TokenProvider.Audience }
        );
        var answers = new List<string>();

        await host.LeaseAsync();
        foreach (var credential in (string[])[Wrong, NoToken, new string('x', 600)])
        {
            answers.Add(await SendAsync("Authorization", $"Bearer {credential}"));
            answers.Add(await SendAsync(ApiKeys.Header, credential));
        }

        log.Lines.ShouldNotBeEmpty();
        string[] secrets = [ApiHost.KeyOf(ApiHost.Acme), ApiHost.KeyOf(ApiHost.Operator), Wrong, NoToken];
        foreach (var secret in secrets)
        {
            log.Lines.ShouldAllBe(line => !line.Contains(secret));
            answers.ShouldAllBe(answer => !answer.Contains(secret));
        }

        async Task<string> SendAsync(string header, string value) =>
            (await host.SendAsync("GET", "/v1/rates", ApiHost.Anonymous, headers: (header, value))).Text;
    }
}
