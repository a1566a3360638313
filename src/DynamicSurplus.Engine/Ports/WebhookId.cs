using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// A webhook's name: 32 hex digits made of its tenant and address, so that a tenant has an address once.
/// </summary>
public readonly record struct WebhookId : IComparable<WebhookId>
{
    private const int Digits = 32;
    private readonly string? _value;

    private WebhookId(string value) => _value = value;

    public static WebhookId For(TenantId tenant, Uri target) =>
        new(
            Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant} {target.AbsoluteUri}")).AsSpan(0, Digits / 2)
            )
        );

    public static bool TryParse([NotNullWhen(true)] string? text, out WebhookId id)
    {
        var isValid = text is { Length: Digits } && text.All(char.IsAsciiHexDigitLower);
        id = isValid ? new(text!) : default;
        return isValid;
    }

    public static bool operator <(WebhookId left, WebhookId right) => left.CompareTo(right) < 0;

    public static bool operator >(WebhookId left, WebhookId right) => left.CompareTo(right) > 0;

    public static bool operator <=(WebhookId left, WebhookId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(WebhookId left, WebhookId right) => left.CompareTo(right) >= 0;

    public int CompareTo(WebhookId other) => string.CompareOrdinal(_value, other._value);

    public override string ToString() => _value ?? "";
}
