using System.Diagnostics;
using System.Text.Json;

namespace DynamicSurplus.Functions.Triggers;

/// <summary>"Price this shard now", with the trace that it belongs to (W3C Trace Context).</summary>
public sealed record PricingOrder(int Shard, string? Traceparent = null, string? Tracestate = null)
{
    private const string Name = "PriceShard";

    private static readonly ActivitySource Source = new("DynamicSurplus.Functions");

    public static string Write(int shard) =>
        JsonSerializer.Serialize(
            new PricingOrder(shard, Activity.Current?.Id, Activity.Current?.TraceStateString),
            PricingOrderJson.Default.PricingOrder
        );

    /// <exception cref="JsonException">The text is no order.</exception>
    public static PricingOrder Read(string message) =>
        JsonSerializer.Deserialize(message, PricingOrderJson.Default.PricingOrder)
        ?? throw new JsonException("The message is null, and no pricing order.");

    /// <summary>Goes on with the trace of the timer that sent the order; null where nobody listens.</summary>
    public Activity? StartActivity() =>
        ActivityContext.TryParse(Traceparent, Tracestate, isRemote: true, out var parent)
            ? Source.StartActivity(Name, ActivityKind.Consumer, parent)
            : Source.StartActivity(Name, ActivityKind.Consumer);
}
