namespace DynamicSurplus.Engine.Ports;

/// <summary>One lease's rows as they are stored.</summary>
/// <param name="Lease">As it is stored: damaged, it is no lease id.</param>
/// <param name="Damage">Rows that are not what was written; <paramref name="Stream"/> has the others.</param>
public sealed record ScannedStream(string Lease, LeaseStream Stream, IReadOnlyList<RowDamage> Damage);
