namespace DynamicSurplus.Leasing;

/// <summary>Where a lease's GPUs stand in its fleet's capacity book. Moves only forward.</summary>
public enum ReservationState
{
    /// <summary>Bound by a quote, or being handed over.</summary>
    Held,

    /// <summary>Running.</summary>
    Active,

    /// <summary>Being taken back; counted until the forced end.</summary>
    InNotice,

    /// <summary>Free again. Stays as a tombstone, so that a late redelivery cannot reserve a second time.</summary>
    Released,
}
