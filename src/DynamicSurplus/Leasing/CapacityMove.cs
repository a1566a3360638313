namespace DynamicSurplus.Leasing;

/// <summary>A fleet's book and one of its reservations after a move: to be written in one transaction.</summary>
public sealed record CapacityMove(CapacityBook Book, Reservation Reservation);
