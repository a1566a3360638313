using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using DynamicSurplus.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace DynamicSurplus.Api.Access;

/// <summary>Counts requests by caller, in this process, and says which come too fast.</summary>
/// <remarks>
/// Callers are as many as there are credentials, and one that rests is forgotten. Addresses anybody can have many of:
/// they share a fixed number of places, spread by a hash that differs from process to process, so that nobody can fill
/// the memory, or choose whose place to share.
/// </remarks>
public sealed class RequestMeter : IDisposable
{
    /// <summary>Of addresses: about 2 MB when all are in use.</summary>
    public const int Places = 4_096;

    private const int NetworkBytes = 8;
    private readonly RequestLimits _limits;
    private readonly PartitionedRateLimiter<(RequestKind Kind, Caller Caller)> _callers;
    private readonly PartitionedRateLimiter<IPAddress> _strangers;

    public RequestMeter(RequestLimits limits)
    {
        _limits = limits;
        _callers = PartitionedRateLimiter.Create<(RequestKind Kind, Caller Caller), (RequestKind, Roles, string)>(
            asked =>
                RateLimitPartition.GetTokenBucketLimiter(
                    (asked.Kind, asked.Caller.Role, asked.Caller.Tenant?.ToString() ?? asked.Caller.Name),
                    partition => OptionsOf(BudgetOf(partition.Item1))
                )
        );
        _strangers = PartitionedRateLimiter.Create<IPAddress, int>(address =>
            RateLimitPartition.GetTokenBucketLimiter(PlaceOf(address), _ => OptionsOf(limits.Failures))
        );
    }

    /// <summary>Takes a request from its caller's budget.</summary>
    /// <returns>Null: there was room.</returns>
    public Problem? Take(RequestKind kind, Caller caller)
    {
        using var lease = _callers.AttemptAcquire((kind, caller));
        return lease.IsAcquired ? null : TooMany(lease, $"{Words(kind)} of one caller", BudgetOf(kind));
    }

    /// <summary>Whether so many requests from there had no valid credential that no more are looked at.</summary>
    /// <returns>Null: they are looked at.</returns>
    public Problem? CheckStranger(HttpContext http)
    {
        var address = AddressOf(http);
        if (_strangers.GetStatistics(address) is { CurrentAvailablePermits: > 0 })
        {
            return null;
        }
        using var lease = _strangers.AttemptAcquire(address);
        return lease.IsAcquired
            ? null
            : TooMany(lease, "Requests without a valid credential from one address", _limits.Failures);
    }

    /// <summary>The request had no valid credential.</summary>
    public void CountStranger(HttpContext http) => _strangers.AttemptAcquire(AddressOf(http)).Dispose();

    public void Dispose()
    {
        _callers.Dispose();
        _strangers.Dispose();
    }

    /// <summary>Where requests from an address are counted: IPv6 by its network of 64 bits.</summary>
    public static int PlaceOf(IPAddress address)
    {
        var of = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        of.TryWriteBytes(bytes, out var length);
        var hash = new HashCode();
        hash.AddBytes(bytes[..(of.AddressFamily == AddressFamily.InterNetworkV6 ? NetworkBytes : length)]);
        return unchecked((int)((uint)hash.ToHashCode() % Places));
    }

    /// <summary>
    /// As the connection says, or the platform's front-end where the host takes its word. A pipe has none.
    /// </summary>
    private static IPAddress AddressOf(HttpContext http) => http.Connection.RemoteIpAddress ?? IPAddress.None;

    private static TokenBucketRateLimiterOptions OptionsOf(RequestBudget budget) =>
        new()
        {
            TokenLimit = budget.Burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / budget.PerMinute,
            QueueLimit = 0,
        };

    private static Problem TooMany(RateLimitLease lease, string who, RequestBudget budget)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.Zero;
        var seconds = (int)Math.Max(1, Math.Ceiling(wait.TotalSeconds));
        return new(
            ProblemKinds.TooManyRequests,
            $"{who} are served {budget.PerMinute} times a minute, {budget.Burst} at once; try again in {seconds} s."
        )
        {
            RetryAfterSeconds = seconds,
        };
    }

    private static string Words(RequestKind kind) =>
        kind switch
        {
            RequestKind.Read => "Reads",
            RequestKind.Write => "Changes",
            _ => "Batches of telemetry",
        };

    private RequestBudget BudgetOf(RequestKind kind) =>
        kind switch
        {
            RequestKind.Read => _limits.Reads,
            RequestKind.Write => _limits.Writes,
            _ => _limits.Telemetry,
        };
}
