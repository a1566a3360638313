using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynamicSurplus.Functions.Triggers;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PricingOrder))]
internal sealed partial class PricingOrderJson : JsonSerializerContext;
