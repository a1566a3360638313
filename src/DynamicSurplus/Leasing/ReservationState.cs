namespace DynamicSurplus.Leasing;

/// <summary>Where a lease's GPUs stand in its fleet's capacity book: Held → Active ⇄ InNotice → Released.</summary>
public enum ReservationState
{
    /// <summary>Bound by a quote, or being handed over.</summary>
    Held,

    /// <summary>Running.</summary>
    Active,

    /// <summary>All or some of them are being taken back; counted until the notice is over.</summary>
    InNotice,

    /// <summary>Free again. Stays as a tombstone, so that a late redelivery cannot reserve a second time.</summary>
    Released,
}
