namespace DynamicSurplus.Engine.Steps;

/// <summary>What a repair put right.</summary>
public enum RepairKind
{
    /// <summary>A book that was not the sum of its reservations.</summary>
    Book,

    /// <summary>A reservation that was not what its lease's journal says.</summary>
    Reservation,

    /// <summary>A lease that nothing would have woken, a hold that never began among them.</summary>
    Wakeup,

    /// <summary>A customer's view that was not its lease.</summary>
    View,
}
