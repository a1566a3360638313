using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>An effect still to be done, as stored and as understood.</summary>
public sealed record Outstanding(PendingEffect Stored, LeaseEffect Effect)
{
    /// <summary>Its time has not come: it waits, and nothing is wrong.</summary>
    public bool IsForLater(DateTimeOffset now) =>
        Effect is LeaseEffect.ForgetReservation forget && forget.NotBefore > now;

    public static Outstanding From(PendingEffect stored) => new(stored, LeaseEventJson.ReadEffect(stored.Json));

    public static Outstanding Of(long version, int index, LeaseEffect effect) =>
        new(new(version, index, LeaseEventJson.WriteEffect(effect)), effect);
}
