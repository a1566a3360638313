using System.Text.Json.Serialization;

namespace DynamicSurplus.Local.Benchmarking;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(KernelFigures))]
[JsonSerializable(typeof(LeaseFigures))]
internal sealed partial class FiguresJson : JsonSerializerContext;
