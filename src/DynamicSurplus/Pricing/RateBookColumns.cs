using DynamicSurplus.Measures;

namespace DynamicSurplus.Pricing;

/// <summary>The columns of a rate book; their meaning is <see cref="RateEntry"/>'s.</summary>
public sealed class RateBookColumns
{
    public int[] SpotSteps { get; private set; } = [];

    public int[] FirmSteps { get; private set; } = [];

    public float[] Capacity { get; private set; } = [];

    public float[] ProtectedDemand { get; private set; } = [];

    public float[] Running { get; private set; } = [];

    public float[] FirmSlice { get; private set; } = [];

    public float[] TotalSlice { get; private set; } = [];

    public float[] Always { get; private set; } = [];

    /// <summary>Unix milliseconds; 0: none yet.</summary>
    public long[] TelemetryAt { get; private set; } = [];

    public bool[] Frozen { get; private set; } = [];

    public bool[] Stale { get; private set; } = [];

    public int[] Leased { get; private set; } = [];

    public float[] Hazard { get; private set; } = [];

    public float[] Scores { get; private set; } = [];

    /// <summary>The columns in their stored order: add at the end only.</summary>
    public void Accept(IColumnVisitor visitor)
    {
        SpotSteps = visitor.Visit(SpotSteps);
        FirmSteps = visitor.Visit(FirmSteps);
        Capacity = visitor.Visit(Capacity);
        ProtectedDemand = visitor.Visit(ProtectedDemand);
        Running = visitor.Visit(Running);
        FirmSlice = visitor.Visit(FirmSlice);
        TotalSlice = visitor.Visit(TotalSlice);
        Always = visitor.Visit(Always);
        TelemetryAt = visitor.Visit(TelemetryAt);
        Frozen = visitor.Visit(Frozen);
        Stale = visitor.Visit(Stale);
        Leased = visitor.Visit(Leased);
        Hazard = visitor.Visit(Hazard);
        Scores = visitor.Visit(Scores, RateEntry.Bins);
    }
}
