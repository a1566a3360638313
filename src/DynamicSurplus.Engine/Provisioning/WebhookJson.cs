using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynamicSurplus.Engine.Provisioning;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WebhookCall))]
[JsonSerializable(typeof(WebhookReply))]
internal sealed partial class WebhookJson : JsonSerializerContext;
