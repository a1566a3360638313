using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What became of a body of telemetry.</summary>
public abstract record IngestResult
{
    /// <summary>Its samples were taken or refused one by one.</summary>
    public sealed record Ingested(int Accepted, IReadOnlyList<SampleRefusal> Refused) : IngestResult;

    /// <summary>It could not be read as a whole, and nothing of it was ingested. Another try would end alike.</summary>
    public sealed record Unreadable(FieldError Reason) : IngestResult;
}
