using System.Diagnostics;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Extensions;
using CloudNative.CloudEvents.SystemTextJson;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Api.Events;

/// <summary>
/// A lease's event as a CloudEvent 1.0: what listeners outside get, by whatever road. Its data is the event as
/// <c>GET /v1/leases/{id}/events</c> shows it.
/// </summary>
public static class LeaseCloudEvent
{
    /// <summary>Of one event, attributes and data together.</summary>
    public const string MediaType = "application/cloudevents+json";

    /// <summary>Begins every type; then the event's own, such as <c>granted</c>.</summary>
    public const string TypePrefix = "dynamic-surplus.lease.";

    /// <summary>Every type that there is.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        .. new[]
        {
            "held",
            "lapsed",
            "accepted",
            "granted",
            "cushion-low",
            "reclaim-decided",
            "notice-sent",
            "rescinded",
            "shrunk",
            "renewed",
            "not-renewed",
            "spend-reached",
            "credited",
            "ended",
            "settled",
            "corrected",
        }.Select(static name => TypePrefix + name),
    ];

    private static readonly Uri Source = new("/dynamic-surplus/leases", UriKind.Relative);
    private static readonly CloudEventAttribute Tenant = Extension("tenant");
    private static readonly CloudEventAttribute Fleet = Extension("fleet");
    private static readonly CloudEventAttribute Traceparent = Extension("traceparent");
    private static readonly CloudEventAttribute[] Extensions = [Tenant, Fleet, Traceparent, .. Sequence.AllAttributes];

    private static readonly JsonEventFormatter Formatter = new(ApiJson.Shared.Options, default);

    /// <remarks>The id is the lease's and the event's version: whoever gets it twice knows it again.</remarks>
    public static CloudEvent Of(LeaseEventEnvelope happened, LeaseTerms terms)
    {
        var document = LeaseEventDocument.Of(happened);
        var cloudEvent = new CloudEvent(CloudEventsSpecVersion.V1_0, Extensions)
        {
            Id = $"{happened.Lease}-{happened.Version}",
            Type = TypePrefix + document.Type,
            Source = Source,
            Subject = happened.Lease.ToString(),
            Time = happened.Event.At,
            DataContentType = "application/json",
            Data = document,
            [Tenant] = terms.Tenant.ToString(),
            [Fleet] = terms.Fleet.ToString(),
        };
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace })
        {
            cloudEvent[Traceparent] = trace;
        }
        return cloudEvent.SetSequence((int)happened.Version);
    }

    /// <summary>In structured mode: UTF-8 JSON.</summary>
    public static ReadOnlyMemory<byte> Write(CloudEvent cloudEvent) =>
        Formatter.EncodeStructuredModeMessage(cloudEvent, out _);

    private static CloudEventAttribute Extension(string name) =>
        CloudEventAttribute.CreateExtension(name, CloudEventAttributeType.String);
}
