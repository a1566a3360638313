namespace DynamicSurplus.Settlement;

/// <summary>Why a customer is owed something.</summary>
public enum CreditReason
{
    /// <summary>A reclaim notice went out later than promised after it was decided.</summary>
    LateNotice,

    /// <summary>The fleet lost the GPUs of a firm lease in its term.</summary>
    FirmFailed,
}
