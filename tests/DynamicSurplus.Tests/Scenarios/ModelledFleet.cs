using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>The leases of one script, and what their fleet's book must say of them.</summary>
internal sealed class ModelledFleet
{
    private readonly LeaseId[] _ids;
    private readonly ModelledLease[] _leases;
    private readonly int[] _seen;

    public ModelledFleet(int script, int leases)
    {
        _ids = [.. Enumerable.Range(0, leases).Select(lease => LeaseId.For(LeaseWorld.Tenant, $"{script}-{lease}"))];
        _leases = [.. _ids.Select(_ => new ModelledLease())];
        _seen = new int[leases];
    }

    public LeaseId IdOf(int lease) => _ids[lease];

    public bool IsOver(int lease) => _leases[lease].IsOver;

    /// <summary>The GPUs in the book are those of live leases, and no others.</summary>
    /// <param name="touched">The one lease that may have changed; null: any may have.</param>
    public async Task CheckAsync(IServiceProvider process, int? touched, CancellationToken stop)
    {
        foreach (var lease in touched is { } one ? [one] : Enumerable.Range(0, _ids.Length))
        {
            await FollowAsync(process, lease, stop);
        }
        var (book, _) = await process.GetRequiredService<ICapacityBooks>().ReadAsync(LeaseWorld.Fleet, stop);
        book.Taken.ShouldBe(_leases.Sum(lease => lease.Live));
        (book.ActiveFirm + book.HeldFirm).ShouldBe(_leases.Where(lease => lease.IsFirm).Sum(lease => lease.Live));
    }

    /// <summary>What was held fitted into the slice; what did not fit was held by nobody.</summary>
    public async Task HeldAsync(
        IServiceProvider process,
        HoldOutcome outcome,
        ScriptStep step,
        LeaseTerms terms,
        CancellationToken stop
    )
    {
        var wasThere = _seen[step.Lease] > 0;
        await CheckAsync(process, step.Lease, stop);
        var (live, firm) = (_leases.Sum(l => l.Live), _leases.Where(l => l.IsFirm).Sum(l => l.Live));
        if (outcome.Reserve is ReserveOutcome.Reserved && !wasThere)
        {
            live.ShouldBeLessThanOrEqualTo(step.Size, "oversold");
            (terms.Tier == LeaseTier.Firm ? firm * 2 : 0).ShouldBeLessThanOrEqualTo(step.Size, "oversold as firm");
        }
        if (outcome.Reserve is ReserveOutcome.NotAdmitted)
        {
            var kept = _leases.Sum(lease => lease.Freed);
            var isFull = live + terms.Gpus + kept > step.Size;
            (isFull || (terms.Tier == LeaseTier.Firm && (firm + terms.Gpus) * 2 > step.Size)).ShouldBeTrue(
                "refused where there was room"
            );
        }
    }

    /// <summary>Settled or lapsed, with a view that says so, and not a trace in the capacity book.</summary>
    public async Task ShouldBeOverAsync(IServiceProvider process, CancellationToken stop)
    {
        for (var lease = 0; lease < _ids.Length; lease++)
        {
            var state = await process.GetRequiredService<LeaseStreams>().ReadAsync(_ids[lease], stop);
            state.Pending.ShouldBeEmpty();
            if (state.Lease.Terms is null)
            {
                continue;
            }
            _leases[lease].IsOver.ShouldBeTrue();
            var views = process.GetRequiredService<ILeaseViews>();
            (await views.FindAsync(LeaseWorld.Tenant, _ids[lease], stop)).ShouldBe(
                LeaseView.Of(state.Lease, state.LastHash)
            );
        }
        var books = process.GetRequiredService<ICapacityBooks>();
        (await books.ListAsync(LeaseWorld.Fleet, stop)).ShouldBeEmpty();
    }

    private async Task FollowAsync(IServiceProvider process, int lease, CancellationToken stop)
    {
        var stored = await process.GetRequiredService<ILeaseJournal>().ReadAsync(_ids[lease], stop);
        if (stored.Events.Count == _seen[lease])
        {
            return;
        }
        // Hash by hash, as an auditor reads.
        var events = await process.GetRequiredService<ReadLeaseEvents>().RunAsync(_ids[lease], stop);
        foreach (var envelope in events.Skip(_seen[lease]))
        {
            _leases[lease].Apply(envelope.Event);
        }
        _seen[lease] = events.Count;
    }
}
