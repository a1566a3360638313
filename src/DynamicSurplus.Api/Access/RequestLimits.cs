namespace DynamicSurplus.Api.Access;

/// <summary>
/// What one caller may ask of one instance. A customer is its tenant, whatever keys it has; operators and auditors are
/// their principals; who is not known is its address.
/// </summary>
/// <remarks>Health is asked by machines that have no credential, costs nothing, and is not limited.</remarks>
public sealed record RequestLimits
{
    /// <summary>GET and HEAD. Default 60,000 a minute: a thousand a second, of which rates come from memory.</summary>
    public RequestBudget Reads { get; init; } = new(60_000);

    /// <summary>
    /// Everything that changes something, telemetry apart. Default 12,000 a minute: a quote and its lease are two, and
    /// some 20 storage calls.
    /// </summary>
    public RequestBudget Writes { get; init; } = new(12_000);

    /// <summary>
    /// Batches of telemetry. Default 6,000 a minute, each up to 1 MiB: a budget of its own, so that a flood of
    /// telemetry keeps no operator from its fleets, nor the other way round.
    /// </summary>
    public RequestBudget Telemetry { get; init; } = new(6_000);

    /// <summary>
    /// Requests without a valid credential, from one address (IPv6: one /64). Default 1,200 a minute: who has mistyped
    /// a key finds out, and checking signatures for strangers stays below a hundredth of a processor. Past it, every
    /// request from there is refused before its credential is looked at.
    /// </summary>
    public RequestBudget Failures { get; init; } = new(1_200);

    /// <summary>On a loopback address callers are one's own: more reads than a host can answer.</summary>
    public static RequestLimits Loopback { get; } =
        new() { Reads = new(RequestBudget.MostPerMinute), Writes = new(60_000) };
}
