namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>What came of a <see cref="ReclaimWave"/>: its output.</summary>
/// <param name="Leases">That were given notice, or were in notice when it began.</param>
/// <param name="Ended">Of these, ended by the reclaim; the others ended by themselves, or their term did.</param>
/// <param name="Kept">Of the ended, those that had all of the notice that they were promised.</param>
/// <param name="Running">Still not over: their own wake-ups see to it.</param>
public sealed record WaveReport(int Leases, int Ended, int Kept, int Running);
