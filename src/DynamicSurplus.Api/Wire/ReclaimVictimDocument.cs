namespace DynamicSurplus.Api.Wire;

/// <param name="Gpus">To take back of this lease.</param>
/// <param name="LeasedGpus">That it has.</param>
/// <param name="Deadline">The forced end if its notice goes out now.</param>
/// <param name="WorkLost">Estimated, of its customer; what the choice of leases minimizes.</param>
/// <param name="LostRevenue">What it would have paid from the deadline to the end of its term.</param>
public sealed record ReclaimVictimDocument(
    string Lease,
    string Tenant,
    int Gpus,
    int LeasedGpus,
    long NoticeSeconds,
    DateTimeOffset Deadline,
    Money WorkLost,
    Money LostRevenue
);
