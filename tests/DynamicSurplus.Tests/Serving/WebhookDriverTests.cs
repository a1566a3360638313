using DynamicSurplus.Engine.Webhooks;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Tests.Api;
using DynamicSurplus.Tests.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Serving;

public sealed class WebhookDriverTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_reach_a_receiver_by_themselves_beside_one_that_never_answers()
    {
        await using var receiver = await TestReceiver.StartAsync();
        await using var silent = await TestReceiver.StartAsync();
        silent.Hang = true;
        await using var host = await ApiHost.WithFleetAsync(services =>
        {
            services.Replace(ServiceDescriptor.Singleton(new WebhookTargets(WebhookWorld.Options)));
            services.AddHostedService<WebhookDriver>();
        });
        foreach (var target in new[] { silent.Address, receiver.Address })
        {
            (await host.SendAsync("POST", "/v1/webhooks", ApiHost.Acme, new { url = target })).Status.ShouldBe(201);
        }

        await host.QuoteAsync();
        await ArrivedAsync(silent, 1);
        await ArrivedAsync(receiver, 1);
        await host.QuoteAsync();
        await ArrivedAsync(receiver, 2);

        silent.Requests.Count.ShouldBe(1);
    }

    private static async Task ArrivedAsync(TestReceiver receiver, int count)
    {
        while (receiver.Requests.Count < count)
        {
            await Task.Delay(20, Stop);
        }
    }
}
