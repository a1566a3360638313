using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynamicSurplus.Cloud.Prometheus;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PrometheusReply))]
internal sealed partial class PrometheusJson : JsonSerializerContext;
