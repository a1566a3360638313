using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Webhooks;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>Webhooks from their registration over HTTP to what a real receiver is sent.</summary>
public sealed class WebhookEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_receiver_gets_the_events_signed_with_the_secret_that_was_shown()
    {
        await using var receiver = await TestReceiver.StartAsync();
        await using var host = await HostAsync();
        var made = await CreateAsync(host, receiver.Address);
        var lease = await host.LeaseAsync();

        await DeliverAsync(host);

        receiver.Requests.Count.ShouldBe(3);
        var secret = Encoding.ASCII.GetBytes(made["secret"]);
        foreach (var ((_, headers, body), version) in receiver.Requests.Zip([1, 2, 3]))
        {
            JsonElement.Parse(body).GetProperty("id").GetString().ShouldBe($"{lease}-{version}");
            headers["Content-Type"].ShouldBe("application/cloudevents+json");
            headers["Surplus-Webhook"].ShouldBe(made["id"]);
            var parts = headers["Surplus-Signature"].Split(',').Select(part => part.Split('=')).ToArray();
            parts.Select(part => part[0]).ShouldBe(["t", "v1"]);
            byte[] signed = [.. Encoding.ASCII.GetBytes(parts[0][1] + "."), .. body];
            parts[1][1].ShouldBe(Convert.ToHexStringLower(HMACSHA256.HashData(secret, signed)));
            var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[0][1], null));
            at.ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5));
        }
    }

    [Fact]
    public async Task A_secret_is_shown_once_and_kept_nowhere()
    {
        await using var host = await HostAsync();
        var made = await CreateAsync(host, new Uri("http://127.0.0.1:1/a"));

        var read = await host.GetAsync($"/v1/webhooks/{made["id"]}", ApiHost.Acme);
        var listed = await host.GetAsync("/v1/webhooks", ApiHost.Acme);

        made.Status.ShouldBe(201);
        made.Headers["Location"].ShouldBe($"/v1/webhooks/{made["id"]}");
        made["secret"].ShouldStartWith("whsec_");
        read.Text.ShouldNotContain("secret");
        listed.Json.GetProperty("webhooks").GetArrayLength().ShouldBe(1);
        listed.Text.ShouldNotContain("secret");
        var stored = await host.Services.GetRequiredService<IWebhooks>().ListAsync(null, Stop);
        stored[0].ToString().ShouldNotContain(made["secret"][6..]);
    }

    [Fact]
    public async Task An_address_is_a_webhook_once_and_made_anew_it_has_another_secret()
    {
        await using var host = await HostAsync();
        var target = new Uri("http://127.0.0.1:1/a");
        var first = await CreateAsync(host, target);

        var again = await PostAsync(host, new { url = target });
        var deleted = await host.SendAsync("DELETE", $"/v1/webhooks/{first["id"]}", ApiHost.Acme);
        var gone = await host.SendAsync("DELETE", $"/v1/webhooks/{first["id"]}", ApiHost.Acme);
        var anew = await CreateAsync(host, target);

        (again.Status, again.Problem).ShouldBe((409, "webhook-exists"));
        (deleted.Status, gone.Status).ShouldBe((204, 404));
        anew["id"].ShouldBe(first["id"]);
        anew["secret"].ShouldNotBe(first["secret"]);
    }

    [Fact]
    public async Task A_tenant_has_ten_webhooks_at_the_most()
    {
        await using var host = await HostAsync();
        for (var number = 0; number < 10; number++)
        {
            await CreateAsync(host, new Uri($"http://127.0.0.1:1/{number}"));
        }

        var refused = await PostAsync(host, new { url = "http://127.0.0.1:1/more" });
        var another = await PostAsync(host, new { url = "http://127.0.0.1:1/more" }, ApiHost.Globex);

        (refused.Status, refused.Problem).ShouldBe((409, "too-many-webhooks"));
        another.Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://localhost/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("not an address")]
    [InlineData("/v1/fleets")]
    [InlineData("")]
    public async Task An_address_that_is_not_on_the_open_internet_is_refused(string target)
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await PostAsync(host, new { url = target });

        (answer.Status, answer.Problem).ShouldBe((422, "invalid-request"));
        answer.Fields.ShouldBe(["url"]);
    }

    [Theory]
    [InlineData("{\"url\":\"http://127.0.0.1:1/\",\"types\":[\"granted\"]}", 422, "types")]
    [InlineData("{\"url\":\"http://127.0.0.1:1/\",\"types\":[null]}", 422, "types")]
    [InlineData("{\"url\":\"http://127.0.0.1:1/\",\"types\":\"all\"}", 400, "types")]
    [InlineData("{\"url\":\"http://127.0.0.1:1/\",\"secret\":\"mine\"}", 400, "secret")]
    [InlineData("{}", 422, "url")]
    public async Task A_request_that_means_nothing_is_refused_by_name(string body, int status, string field)
    {
        await using var host = await HostAsync();

        var answer = await PostAsync(host, body);

        answer.Status.ShouldBe(status);
        answer.Fields.ShouldBe([field]);
    }

    [Fact]
    public async Task Another_tenants_webhook_is_not_there()
    {
        await using var host = await HostAsync();
        var id = (await CreateAsync(host, new Uri("http://127.0.0.1:1/a")))["id"];

        foreach (
            var (method, path) in new[]
            {
                ("GET", $"/v1/webhooks/{id}"),
                ("DELETE", $"/v1/webhooks/{id}"),
                ("GET", $"/v1/webhooks/{id}/dead-letters"),
                ("POST", $"/v1/webhooks/{id}/dead-letters/replay"),
            }
        )
        {
            var answer = await host.SendAsync(method, path, ApiHost.Globex);
            (answer.Status, answer.Problem).ShouldBe((404, "webhook-not-found"), path);
        }
        var listed = await host.GetAsync("/v1/webhooks", ApiHost.Globex);
        listed.Json.GetProperty("webhooks").GetArrayLength().ShouldBe(0);
        (await host.GetAsync("/v1/webhooks?tenant=acme", ApiHost.Globex)).Status.ShouldBe(403);
        (await host.GetAsync($"/v1/webhooks/{id}?tenant=acme", ApiHost.Auditor)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Dead_letters_are_listed_and_sent_again_on_request()
    {
        await using var receiver = await TestReceiver.StartAsync();
        await using var host = await HostAsync();
        var id = (await CreateAsync(host, receiver.Address))["id"];
        await host.LeaseAsync();
        await DieAsync(host);

        var letters = await host.GetAsync($"/v1/webhooks/{id}/dead-letters?limit=2", ApiHost.Acme);
        var rest = await host.GetAsync($"/v1/webhooks/{id}/dead-letters?after={letters["next"]}", ApiHost.Acme);
        var asked = await host.SendAsync("POST", $"/v1/webhooks/{id}/dead-letters/replay", ApiHost.Acme);
        await DeliverAsync(host);
        var none = await host.GetAsync($"/v1/webhooks/{id}/dead-letters", ApiHost.Acme);

        var first = letters.Json.GetProperty("deadLetters")[0];
        first.GetProperty("failure").GetString().ShouldBe("answered 500");
        first.GetProperty("event").GetProperty("type").GetString().ShouldBe("dynamic-surplus.lease.held");
        rest.Json.GetProperty("deadLetters").GetArrayLength().ShouldBe(1);
        (asked.Status, asked["replaying"]).ShouldBe((202, "True"));
        receiver.Requests.Count.ShouldBe(3);
        none.Json.GetProperty("deadLetters").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task An_installation_without_a_key_makes_no_webhooks()
    {
        await using var host = await ApiHost.StartAsync(services =>
        {
            var options = new WebhookOptions(ReadOnlyMemory<byte>.Empty) { AllowPrivateTargets = true };
            services.Replace(ServiceDescriptor.Singleton(new WebhookSecrets(options)));
        });

        var answer = await PostAsync(host, new { url = "http://127.0.0.1:1/" });

        (answer.Status, answer.Problem).ShouldBe((503, "webhooks-unavailable"));
    }

    /// <summary>Puts what is in the feed on the list of dead letters, as ten tries over 45 minutes would.</summary>
    private static async Task DieAsync(ApiHost host)
    {
        var (webhooks, letters) = (
            host.Services.GetRequiredService<IWebhooks>(),
            host.Services.GetRequiredService<IDeadLetters>()
        );
        var stored = (await webhooks.ListAsync(null, Stop))[0];
        var feed = host.Services.GetRequiredService<IEventFeed>();
        var entries = await feed.ReadAsync(TenantId.Parse(ApiHost.Acme), 0, 10, Stop);
        foreach (var entry in entries)
        {
            var letter = new DeadLetter(entry, 10, "answered 500", host.Time.GetUtcNow());
            await letters.TryPutAsync(stored.Value.Tenant, stored.Value.Id, letter, 10, Stop);
        }
        var past = stored.Value with { Progress = new(entries[^1].Sequence) };
        await webhooks.TryReplaceAsync(past, stored.Version, Stop);
    }

    private static Task<int> DeliverAsync(ApiHost host) =>
        host.Services.GetRequiredService<DeliverWebhooks>().RunAsync(Stop);

    private static async Task<ApiHost.Answer> CreateAsync(ApiHost host, Uri target)
    {
        var answer = await PostAsync(host, new { url = target });
        answer.Status.ShouldBe(201, answer.Text);
        return answer;
    }

    private static Task<ApiHost.Answer> PostAsync(ApiHost host, object body, string who = ApiHost.Acme) =>
        host.SendAsync("POST", "/v1/webhooks", who, body);

    /// <summary>Whose webhooks may lead to this machine.</summary>
    private static Task<ApiHost> HostAsync() =>
        ApiHost.WithFleetAsync(services =>
            services.Replace(ServiceDescriptor.Singleton(new WebhookTargets(WebhookWorld.Options)))
        );
}
