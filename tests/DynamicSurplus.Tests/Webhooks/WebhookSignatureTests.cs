using System.Security.Cryptography;
using System.Text;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Webhooks;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    private static readonly WebhookOptions Options = WebhookWorld.Options;

    /// <summary>
    /// As any receiver would check it, and as
    /// <c>printf '1785585600.{"a":1}' | openssl dgst -sha256 -hmac whsec_test</c> says.
    /// </summary>
    [Fact]
    public void Signature_is_the_HMAC_of_time_and_body()
    {
        var (key, body) = (Encoding.ASCII.GetBytes("whsec_test"), Encoding.UTF8.GetBytes("{\"a\":1}"));

        var signature = WebhookSignature.Hex(key, "1785585600", body);

        signature.ShouldBe(
            Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("1785585600.{\"a\":1}")))
        );
        signature.ShouldBe("556905978cf34f94c7b2c0ee11e7b0ee2e0a943a4a68217c072661966882112b");
    }

    [Fact]
    public void Owners_controllers_are_called_with_the_same_signature()
    {
        var (key, body) = (Example.Bytes(32), Example.Bytes(100));

        WebhookProvisioner.Sign(key, "1", body).ShouldBe("sha256=" + WebhookSignature.Hex(key, "1", body));
    }

    [Theory]
    [InlineData("1785585601", "{\"a\":1}")]
    [InlineData("1785585600", "{\"a\":2}")]
    [InlineData("178558560", "0.{\"a\":1}")]
    public void Another_time_or_body_has_another_signature(string timestamp, string body)
    {
        var key = Encoding.ASCII.GetBytes("whsec_test");

        WebhookSignature
            .Hex(key, timestamp, Encoding.UTF8.GetBytes(body))
            .ShouldNotBe(WebhookSignature.Hex(key, "1785585600", Encoding.UTF8.GetBytes("{\"a\":1}")));
    }

    [Fact]
    public void Every_webhook_and_every_key_has_a_secret_of_its_own()
    {
        var (secrets, others) = (new WebhookSecrets(Options), new WebhookSecrets(new(new byte[32])));
        var webhook = Example.Webhook("acme", 1);

        string[] all =
        [
            secrets.Of(webhook),
            secrets.Of(webhook with { Salt = "made anew" }),
            secrets.Of(Example.Webhook("acme", 2)),
            secrets.Of(Example.Webhook("globex", 1)),
            others.Of(webhook),
        ];

        all.ShouldBeUnique();
        all.ShouldAllBe(secret => secret.StartsWith("whsec_") && secret.Length == 6 + 64);
        secrets.Of(webhook).ShouldBe(new WebhookSecrets(Options).Of(webhook));
        secrets.KeyCheck.ShouldNotBe(others.KeyCheck);
    }
}
