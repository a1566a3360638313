using System.Text.Json.Serialization;

namespace DynamicSurplus.Engine.Focus;

/// <summary>Reads a specification's list strictly: a misspelt rule is an error, not a rule that never holds.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    PropertyNameCaseInsensitive = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(FocusSpecification))]
internal sealed partial class FocusJson : JsonSerializerContext;
