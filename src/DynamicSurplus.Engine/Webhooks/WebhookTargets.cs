using System.Net;
using System.Net.Sockets;
using DynamicSurplus.Engine.Provisioning;

namespace DynamicSurplus.Engine.Webhooks;

/// <summary>
/// Where webhooks may lead: to the open internet by https, and nowhere else, unless the installation says so. An
/// address is looked at when it is registered, and again at each connection: a name may have come to mean another
/// machine.
/// </summary>
/// <param name="resolve">From a host's name to all its addresses; null: the system's resolver.</param>
public sealed class WebhookTargets(
    WebhookOptions options,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null
)
{
    public const int MaxLength = 1_000;

    private static readonly TimeSpan ResolveTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(2);

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>Whether an address may be registered.</summary>
    /// <exception cref="TargetRefusedException">It may not: the message says why.</exception>
    public async Task RequireAsync(Uri target, CancellationToken cancellationToken)
    {
        if (!target.IsAbsoluteUri || !IsScheme(target.Scheme))
        {
            throw new TargetRefusedException(
                options.AllowPrivateTargets ? "is no http or https address" : "is no https address"
            );
        }
        if (target.AbsoluteUri.Length > MaxLength)
        {
            throw new TargetRefusedException($"is longer than {MaxLength} characters");
        }
        if (target.UserInfo.Length > 0 || target.Fragment.Length > 0)
        {
            throw new TargetRefusedException("has a user's name, a password or a fragment");
        }
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(ResolveTime);
        try
        {
            await AddressesAsync(target.IdnHost, time.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TargetRefusedException("has a host whose name cannot be resolved");
        }
    }

    /// <summary>
    /// Connections that end where a webhook may lead: the address that was looked at is the one connected to. No
    /// redirect is followed, no proxy asked, no cookie kept.
    /// </summary>
    public SocketsHttpHandler CreateHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = ConnectTime,
            PooledConnectionLifetime = ConnectionLife, // then the name is looked up, and looked at, again
            MaxResponseHeadersLength = 16,
            ConnectCallback = async (context, token) => await ConnectAsync(context.DnsEndPoint, token),
        };

    private bool IsScheme(string scheme) =>
        string.Equals(scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
        || (options.AllowPrivateTargets && string.Equals(scheme, Uri.UriSchemeHttp, StringComparison.Ordinal));

    private async Task<NetworkStream> ConnectAsync(DnsEndPoint end, CancellationToken cancellationToken)
    {
        var addresses = await AddressesAsync(end.Host, cancellationToken);
        Socket? socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, end.Port, cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            socket = null;
            return stream;
        }
        finally
        {
            socket?.Dispose();
        }
    }

    /// <exception cref="TargetRefusedException">There is none, or one where a webhook may not lead.</exception>
    private async Task<IPAddress[]> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await ResolveAsync(host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new TargetRefusedException("has a host whose name cannot be resolved");
        }
        return options.AllowPrivateTargets || Array.TrueForAll(addresses, PublicAddresses.Contains)
            ? addresses
            : throw new TargetRefusedException("leads to an address that is not on the open internet");
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await _resolve(host, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
