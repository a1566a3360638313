using DynamicSurplus.Leasing;
using DynamicSurplus.Tests.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class DecideAllocationTests
{
    /// <summary>
    /// A lease, an event, its envelope, its effects; speed is watched here, where machines do not differ.
    /// </summary>
    private const long MostBytesPerDecision = 2_000;

    [Fact]
    public void Decision_allocates_little_more_than_what_it_returns()
    {
        LeaseCommand[] life =
        [
            Given.Hold(Given.Spot),
            Given.Accept(),
            Given.ConfirmGrant(),
            Given.Reclaim(),
            Given.ConfirmNotice(),
            Given.Wake(at: 10_000),
            Given.Settle(at: 10_000),
        ];
        new LeaseTrail(Given.Id).After(life).Lease.Status.ShouldBe(LeaseStatus.Settled);

        var bytes = AllocatedBytes.Of(() =>
        {
            var lease = Lease.None(Given.Id);
            foreach (var command in life)
            {
                foreach (var happened in LeaseDecider.Decide(command, lease).Events)
                {
                    var envelope = new LeaseEventEnvelope(
                        lease.Id,
                        lease.Version + 1,
                        LeaseEventEnvelope.CurrentSchemaVersion,
                        command.Id,
                        command.CausingTick,
                        LeaseEventEnvelope.NoHash,
                        happened
                    );
                    lease = LeaseDecider.Evolve(lease, envelope);
                    _ = LeaseDecider.React(lease, happened);
                }
            }
        });

        (bytes / life.Length).ShouldBeLessThan(MostBytesPerDecision);
    }
}
