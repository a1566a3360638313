using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// How lease types are stored: members in camelCase, numbers with a unit named after it, a <c>type</c> for each case of
/// an event or effect. All of it is here, so that the core knows of no serializer.
/// </summary>
internal static class LeaseJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowOutOfOrderMetadataProperties = true,
        Converters =
        {
            new InstantConverter(),
            new TextConverter<LeaseId>(LeaseId.Parse),
            new TextConverter<TenantId>(TenantId.Parse),
            new TextConverter<FleetId>(FleetId.Parse),
            new TextConverter<CommandId>(CommandId.From),
            new IntegerConverter<Tick>(static value => new(value), static tick => tick.StartSeconds),
            new IntegerConverter<Rate>(static value => Rate.FromSteps((int)value), static rate => rate.Steps),
            new IntegerConverter<MicroUsd>(static value => new(value), static amount => amount.Value),
            new IntegerConverter<TimeSpan>(static value => TimeSpan.FromSeconds(value), WholeSeconds),
            new JsonStringEnumConverter<LeaseTier>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            new JsonStringEnumConverter<WorkloadClass>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            new JsonStringEnumConverter<ReclaimReason>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            new JsonStringEnumConverter<EndReason>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            new JsonStringEnumConverter<RescindReason>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            new JsonStringEnumConverter<CreditReason>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            new JsonStringEnumConverter<StatementLineKind>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            new ValueListConverter<StatementLine>(),
            new JsonStringEnumConverter<ReservationState>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
        },
        TypeInfoResolver = LeaseJsonContext
            .Default.WithAddedModifier(NameCases)
            .WithAddedModifier(NameUnits)
            .WithAddedModifier(OmitAbsent),
    };

    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    /// <exception cref="FormatException">The JSON is no <typeparamref name="T"/>.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json.Span, Of<T>()) ?? throw new JsonException("It is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException) // the latter where there is no type
        {
            var place = (e as JsonException)?.Path is { } path ? $" at {path}" : "";
            throw new FormatException($"A stored {what} cannot be read{place}: {e.Message}", e);
        }
    }

    private static void NameCases(JsonTypeInfo info)
    {
        if (info.Type == typeof(LeaseEvent))
        {
            info.PolymorphismOptions = Cases(
                new(typeof(LeaseEvent.Held), "held"),
                new(typeof(LeaseEvent.Lapsed), "lapsed"),
                new(typeof(LeaseEvent.Accepted), "accepted"),
                new(typeof(LeaseEvent.Granted), "granted"),
                new(typeof(LeaseEvent.ReclaimDecided), "reclaim-decided"),
                new(typeof(LeaseEvent.NoticeSent), "notice-sent"),
                new(typeof(LeaseEvent.Rescinded), "rescinded"),
                new(typeof(LeaseEvent.Shrunk), "shrunk"),
                new(typeof(LeaseEvent.Renewed), "renewed"),
                new(typeof(LeaseEvent.NotRenewed), "not-renewed"),
                new(typeof(LeaseEvent.SpendReached), "spend-reached"),
                new(typeof(LeaseEvent.CushionLow), "cushion-low"),
                new(typeof(LeaseEvent.Credited), "credited"),
                new(typeof(LeaseEvent.Ended), "ended"),
                new(typeof(LeaseEvent.Settled), "settled"),
                new(typeof(LeaseEvent.Corrected), "corrected")
            );
        }
        else if (info.Type == typeof(LeaseEffect))
        {
            info.PolymorphismOptions = Cases(
                new(typeof(LeaseEffect.ScheduleWake), "schedule-wake"),
                new(typeof(LeaseEffect.Grant), "grant"),
                new(typeof(LeaseEffect.Revoke), "revoke"),
                new(typeof(LeaseEffect.Resize), "resize"),
                new(typeof(LeaseEffect.Notify), "notify"),
                new(typeof(LeaseEffect.MoveReservation), "move-reservation"),
                new(typeof(LeaseEffect.ForgetReservation), "forget-reservation"),
                new(typeof(LeaseEffect.Settle), "settle"),
                new(typeof(LeaseEffect.RefreshView), "refresh-view"),
                new(typeof(LeaseEffect.Publish), "publish")
            );
        }
    }

    private static JsonPolymorphismOptions Cases(params ReadOnlySpan<JsonDerivedType> cases)
    {
        var options = new JsonPolymorphismOptions
        {
            TypeDiscriminatorPropertyName = "type",
            UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization,
        };
        foreach (var one in cases)
        {
            options.DerivedTypes.Add(one);
        }
        return options;
    }

    private static void NameUnits(JsonTypeInfo info)
    {
        foreach (var property in info.Properties)
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            property.Name +=
                type == typeof(Rate) ? "Steps"
                : type == typeof(TimeSpan) ? "Seconds"
                : type == typeof(MicroUsd) ? "MicroUsd"
                : "";
        }
    }

    /// <summary>
    /// An optional member that is absent leaves no trace, so that adding one changes no other event's bytes.
    /// </summary>
    private static void OmitAbsent(JsonTypeInfo info)
    {
        foreach (var property in info.Properties)
        {
            if (property.AssociatedParameter is { HasDefaultValue: true, DefaultValue: null })
            {
                property.ShouldSerialize = static (_, value) => value is not null;
            }
        }
    }

    private static long WholeSeconds(TimeSpan span) =>
        span.Ticks % TimeSpan.TicksPerSecond == 0
            ? span.Ticks / TimeSpan.TicksPerSecond
            : throw new ArgumentException($"{span} is no whole number of seconds.", nameof(span));
}
