using System.Text.Json.Serialization;

namespace DynamicSurplus.Local.Benchmarking;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(KernelFigures))]
internal sealed partial class KernelFiguresJson : JsonSerializerContext;
