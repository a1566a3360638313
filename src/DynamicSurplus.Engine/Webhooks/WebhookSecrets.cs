using System.Security.Cryptography;
using System.Text;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Provisioning;

namespace DynamicSurplus.Engine.Webhooks;

/// <summary>
/// The webhooks' secrets, none of which is stored: each is derived from the installation's key and the webhook's own
/// random salt. Whoever reads the tables can forge nothing.
/// </summary>
public sealed class WebhookSecrets(WebhookOptions options)
{
    private const string Prefix = "whsec_";
    private const int SecretBytes = 32;
    private const int SaltBytes = 16;
    private const int CheckDigits = 8;

    /// <summary>False: the installation has no key, and no webhook can be made or called.</summary>
    public bool HasKey => options.Secret.Length >= WebhookOptions.MinSecretBytes;

    /// <summary>Of the key: stored beside a webhook, it says whether its secret can still be derived.</summary>
    public string KeyCheck { get; } = Convert.ToHexStringLower(Derive(options, "check"))[..CheckDigits];

    public static string NewSalt() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SaltBytes));

    /// <summary>As its owner is shown it, once. The whole text, in ASCII, is the key of its signatures.</summary>
    public string Of(Webhook webhook) =>
        Prefix + Convert.ToHexStringLower(Derive(options, $"{webhook.Tenant} {webhook.Id} {webhook.Salt}"));

    private static byte[] Derive(WebhookOptions options, string name) =>
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            options.Secret.ToArray(),
            SecretBytes,
            info: Encoding.UTF8.GetBytes($"dynamic-surplus webhook v1 {name}")
        );
}
