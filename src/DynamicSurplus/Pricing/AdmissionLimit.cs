namespace DynamicSurplus.Pricing;

/// <summary>What a request for GPUs runs into.</summary>
public enum AdmissionLimit
{
    /// <summary>Everything sold, held and in notice fits in the total slice.</summary>
    Total,

    /// <summary>Firm GPUs fit in the firm slice.</summary>
    Firm,

    /// <summary>Firm GPUs with terms past the horizon fit in what the enforced wall always leaves.</summary>
    LongTerm,
}
