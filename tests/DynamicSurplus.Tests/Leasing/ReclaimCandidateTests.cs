using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class ReclaimCandidateTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan FleetNotice = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(0, 8 * 2.5 * 5 / 60)]
    [InlineData(30, 8 * 2.5 * 35 / 60)]
    [InlineData(60, 8 * 2.5 * 65 / 60)]
    [InlineData(600, 8 * 2.5 * 65 / 60)]
    public void Loss_is_an_hour_of_work_at_most_and_a_restart(int minutes, double loss)
    {
        ReclaimCandidate.LossOf(Rate.FromUsd(2.5m), 8, TimeSpan.FromMinutes(minutes)).ShouldBe(loss, tolerance: 1e-12);
    }

    [Theory]
    [InlineData(599, 120, true)]
    [InlineData(600, 120, false)]
    [InlineData(3600, 121, true)]
    [InlineData(3600, 60, false)]
    public void Candidate_is_sheltered_in_its_minimum_run_and_by_a_longer_notice(
        int runSeconds,
        int noticeSeconds,
        bool isSheltered
    )
    {
        var reservation = Reservation(noticeSeconds, Start);

        var candidate = ReclaimCandidate.Of(reservation, FleetNotice, Start.AddSeconds(runSeconds));

        candidate.IsSheltered.ShouldBe(isSheltered);
        candidate.Gpus.ShouldBe(4);
        candidate.Loss.ShouldBe(
            ReclaimCandidate.LossOf(reservation.Rate, reservation.Gpus, TimeSpan.FromSeconds(runSeconds))
        );
    }

    [Fact]
    public void Candidate_whose_start_lies_ahead_of_the_clock_has_run_for_no_time()
    {
        var candidate = ReclaimCandidate.Of(Reservation(120, Start), FleetNotice, Start.AddMinutes(-1));

        candidate.Loss.ShouldBe(4 * 3 * 5 / 60.0, 1e-12);
        candidate.IsSheltered.ShouldBeTrue();
    }

    private static Reservation Reservation(int noticeSeconds, DateTimeOffset activeAt)
    {
        var tenant = TenantId.Parse("acme");
        return new(
            FleetId.Parse("eu-h100"),
            LeaseId.For(tenant, "key"),
            tenant,
            LeaseTier.Spot,
            Gpus: 4,
            Rate.FromUsd(3m),
            TimeSpan.FromSeconds(noticeSeconds),
            MinimumRun: TimeSpan.FromSeconds(600),
            LongTerm: false,
            InterruptionProbability: 0.1,
            Tick.None,
            ReservationState.Active,
            activeAt
        );
    }
}
