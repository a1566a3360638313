namespace DynamicSurplus.Leasing;

/// <summary>Why a lease's GPUs went back.</summary>
public enum EndReason
{
    /// <summary>Its term was over.</summary>
    TermOver,

    /// <summary>Its customer ended it.</summary>
    EndedByCustomer,

    /// <summary>Reclaimed: the notice was over.</summary>
    Reclaimed,

    /// <summary>The machines were never handed over: no charge.</summary>
    NotGranted,

    /// <summary>A firm lease whose GPUs the fleet has lost: with credit.</summary>
    FirmFailed,

    /// <summary>It would have cost more than its customer's cap.</summary>
    SpendCap,
}
