using System.Net;
using DynamicSurplus.Tests.Api;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Commands;

public sealed class ServeCommandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tokens_are_accepted_beside_keys_where_they_are_switched_on()
    {
        var folder = Directory.CreateTempSubdirectory("surplus-entra-").FullName;
        await using var provider = await TokenProvider.StartAsync(TimeProvider.System);
        await using var surplus = SurplusProcess.Start(
            "serve",
            "--storage",
            "memory",
            "--data",
            folder,
            "--port",
            "0",
            "--entra-authority",
            provider.Authority,
            "--entra-audience",
            TokenProvider.Audience,
            "--entra-tenant-claim",
            "azp"
        );
        var ready = await surplus.LineAsync("ready:", Stop);
        using var http = new HttpClient { BaseAddress = new Uri(ready.Split(' ')[1]) };

        var good = await StatusAsync(provider.Sign(provider.Claims()));
        var bad = await StatusAsync(provider.Sign(provider.Claims(), key: TokenProvider.NewRsa("rsa-1")));
        var key = await StatusAsync("dsk_unknown");
        await surplus.TerminateAsync(Stop);
        Directory.Delete(folder, recursive: true);

        (good, bad, key).ShouldBe((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized));

        async Task<HttpStatusCode> StatusAsync(string bearer)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "v1/rates");
            request.Headers.Authorization = new("Bearer", bearer);
            using var answer = await http.SendAsync(request, Stop);
            return answer.StatusCode;
        }
    }
}
