using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>An effect still to be done, as stored and as understood.</summary>
public sealed record Outstanding(PendingEffect Stored, LeaseEffect Effect)
{
    /// <summary>When it may be done; until then it waits, and nothing is wrong.</summary>
    public DateTimeOffset NotBefore =>
        Effect is LeaseEffect.ForgetReservation forget ? forget.NotBefore : DateTimeOffset.MinValue;

    public static Outstanding From(PendingEffect stored) => new(stored, LeaseEventJson.ReadEffect(stored.Json));

    public static Outstanding Of(long version, int index, LeaseEffect effect) =>
        new(new(version, index, LeaseEventJson.WriteEffect(effect)), effect);
}
