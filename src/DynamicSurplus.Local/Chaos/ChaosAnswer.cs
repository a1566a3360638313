using System.Net;
using System.Text.Json;
using DynamicSurplus.Local.Serving;

namespace DynamicSurplus.Local.Chaos;

/// <summary>A host's last word on a request.</summary>
/// <param name="Host">The one that spoke.</param>
internal sealed record ChaosAnswer(HttpStatusCode Status, JsonElement Body, HostFile Host)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Its type, where it is a problem; else empty.</summary>
    public string Problem => Body.Text("type") ?? "";
}
