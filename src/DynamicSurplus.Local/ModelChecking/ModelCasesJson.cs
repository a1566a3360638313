using System.Text.Json.Serialization;

namespace DynamicSurplus.Local.ModelChecking;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(ModelCases))]
internal sealed partial class ModelCasesJson : JsonSerializerContext;
