using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Tests.Steps;

/// <summary>
/// Keeps what is published; out of reach for a while, and slower for earlier events than for later ones.
/// </summary>
internal sealed class FailingPublisher : IEventPublisher
{
    private readonly Lock _gate = new();

    /// <summary>Calls that fail, from now on.</summary>
    public int Failures { get; set; }

    public List<LeaseEventEnvelope> Published { get; } = [];

    public async Task PublishAsync(LeaseEventEnvelope happened, LeaseTerms terms, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Failures > 0)
            {
                Failures--;
                throw new IOException("The topic is out of reach.");
            }
        }
        // Long enough that one after the other and all at once are told apart.
        await Task.Delay(TimeSpan.FromMilliseconds(20d / happened.Version), cancellationToken);
        lock (_gate)
        {
            Published.Add(happened);
        }
    }
}
