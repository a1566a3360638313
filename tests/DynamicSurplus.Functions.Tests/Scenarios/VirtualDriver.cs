using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Backtesting;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Functions.Tests.Scenarios;

/// <summary>The simulator's: leases on a virtual clock.</summary>
internal sealed class VirtualDriver : ILeaseDriver
{
    private readonly List<LeaseEventEnvelope> _journal = [];
    private readonly VirtualLeases _leases;
    private readonly HashSet<LeaseId> _held = [];
    private DateTimeOffset _now = LeaseScript.Start;

    public VirtualDriver() =>
        _leases = new(
            LeaseScript.Fleet,
            LeaseScript.TickLength,
            LeaseScript.QuoteLife,
            TimeSpan.FromSeconds(5),
            _journal.Add
        );

    public Task StartAsync() => Task.CompletedTask;

    public Task AdvanceAsync(DateTimeOffset to)
    {
        for (; _now < to; )
        {
            _now += LeaseScript.TickLength.Span;
            _leases.WakeAt(Tick.At(_now, LeaseScript.TickLength));
        }
        return Task.CompletedTask;
    }

    /// <summary>A simulator gives each hold once.</summary>
    public Task CommandAsync(LeaseId lease, LeaseCommand command)
    {
        if (command is not LeaseCommand.Hold hold)
        {
            _leases.Command(lease, command);
        }
        else if (_held.Add(lease))
        {
            _leases.Hold(lease, hold);
        }
        // What is due at once, is due: a notice of no length.
        _leases.WakeAt(command.CausingTick);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<LeaseEventEnvelope>> JournalAsync(LeaseId lease) =>
        Task.FromResult<IReadOnlyList<LeaseEventEnvelope>>([.. _journal.Where(happened => happened.Lease == lease)]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
