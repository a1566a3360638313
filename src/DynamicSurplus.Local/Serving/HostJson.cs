using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynamicSurplus.Local.Serving;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(HostFile))]
[JsonSerializable(typeof(HostKeys))]
internal sealed partial class HostJson : JsonSerializerContext;
