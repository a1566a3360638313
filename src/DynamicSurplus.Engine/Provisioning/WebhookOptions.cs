namespace DynamicSurplus.Engine.Provisioning;

/// <summary>How the owners' controllers are called, and what customers' webhooks may be.</summary>
/// <param name="Secret">
/// Key of the signatures, at least 32 bytes; shared with the controllers, while each customer's webhook has a secret of
/// its own, derived from it. Empty: no webhook can be called.
/// </param>
public sealed record WebhookOptions(ReadOnlyMemory<byte> Secret)
{
    public const int MinSecretBytes = 32;

    /// <summary>One call, 1 to 60 s. Default 10: a controller answers "pending" at once and confirms later.</summary>
    public TimeSpan TimeOut { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Retries within one attempt at an effect, 0 to 5. Default 2; what fails then is tried again by the next wake-up.
    /// </summary>
    public int Retries { get; init; } = 2;

    /// <summary>
    /// Customers' webhooks may lead to loopback and private addresses, by plain http too. Default false: whoever may
    /// make a webhook could otherwise reach what only this machine can. For development, and for networks of one owner.
    /// </summary>
    public bool AllowPrivateTargets { get; init; }
}
