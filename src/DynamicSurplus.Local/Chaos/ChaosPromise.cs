using System.Text.Json;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Chaos;

/// <summary>What a customer was told of one lease, from the quote on: nothing later may contradict it.</summary>
internal sealed class ChaosPromise(string tenant, string key, JsonElement quote)
{
    /// <summary>The rank from which on it is over, and perhaps not settled yet.</summary>
    public const int Ended = 3;

    private const int Over = 4;

    private readonly Lock _gate = new();
    private int _rank;
    private List<string> _events = [];

    public LeaseId Id { get; } = LeaseId.Parse(quote.Text("id")!);

    public string Tenant => tenant;

    /// <summary>Of the request that made it.</summary>
    public string Key => key;

    /// <summary>USD per GPU-hour.</summary>
    public decimal Rate { get; } = quote.Usd("ratePerGpuHour")!.Value;

    public long Gpus { get; } = quote.Whole("gpus")!.Value;

    public DateTimeOffset ExpiresAt { get; } = quote.Time("expiresAt")!.Value;

    /// <summary>An acceptance was answered with 201.</summary>
    public bool IsAccepted { get; set; }

    /// <summary>It may be renewed.</summary>
    public bool RateMayChange { get; set; }

    /// <summary>It may be taken back in part.</summary>
    public bool GpusMayChange { get; init; }

    /// <summary>USD; null: none.</summary>
    public decimal? SpendCap { get; init; }

    /// <summary>That were made to its bill.</summary>
    public int Corrections { get; set; }

    public bool IsSettled => Rank == Over;

    /// <summary>It had machines, and its bill is written.</summary>
    public bool IsCorrectable { get; private set; }

    /// <summary>How far it is known to be: an answer to a request that is sent from now on is no less.</summary>
    public int Rank
    {
        get
        {
            lock (_gate)
            {
                return _rank;
            }
        }
    }

    /// <summary>Holds a lease's document against what was promised.</summary>
    /// <param name="least">The rank known when it was asked for.</param>
    /// <returns>What it contradicts; null: nothing.</returns>
    public string? Contradiction(JsonElement lease, int least)
    {
        var status = lease.Text("status") ?? "missing";
        var rank = RankOf(status);
        lock (_gate)
        {
            _rank = Math.Max(_rank, rank);
        }
        IsCorrectable |= status is "settled" && lease.Time("grantedAt") is not null;
        return !string.Equals(lease.Text("id"), Id.ToString(), StringComparison.Ordinal)
                ? $"it has become {lease.Text("id")}"
            : IsAccepted && status is "held" or "lapsed" ? $"it was accepted, and is {status}"
            : rank < least ? $"it is {status}, and was past that"
            : !RateMayChange && lease.Usd("ratePerGpuHour") != Rate
                ? $"its rate is {lease.Usd("ratePerGpuHour")}, {Rate} was promised"
            : lease.Whole("gpus") is var gpus && (GpusMayChange ? gpus > Gpus : gpus != Gpus)
                ? $"it has {gpus} GPUs, {Gpus} were promised"
            : null;
    }

    /// <summary>Holds a lease's events against those that were read before: they only grow.</summary>
    public string? Contradiction(IEnumerable<JsonElement> events)
    {
        var now = events.Select(e => e.GetRawText()).ToList();
        lock (_gate)
        {
            for (var i = 0; i < _events.Count; i++)
            {
                if (i >= now.Count || !string.Equals(_events[i], now[i], StringComparison.Ordinal))
                {
                    return $"its event {i + 1} was {_events[i]}, and is {(i < now.Count ? now[i] : "gone")}";
                }
            }
            _events = now;
        }
        return null;
    }

    private static int RankOf(string status) =>
        status switch
        {
            "held" => 0,
            "granting" => 1,
            "active" or "reclaiming" => 2,
            "ended" => Ended,
            _ => Over,
        };
}
