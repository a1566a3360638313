namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>"Look at the lease then": what a change of the lease tells its <see cref="LeaseLifecycle"/>.</summary>
/// <param name="At">UTC.</param>
public sealed record LeaseSignal(DateTimeOffset At)
{
    /// <summary>Of the event that carries it.</summary>
    public const string Name = "lease-changed";
}
