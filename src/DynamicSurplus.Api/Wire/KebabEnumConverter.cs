using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynamicSurplus.Api.Wire;

/// <summary>A closed set of words: <c>"ended-by-customer"</c>. Numbers are refused.</summary>
internal sealed class KebabEnumConverter<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
