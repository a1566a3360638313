using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// What operators do with fleets: register, edit, pause, and delete, which drains first. This process knows of it at
/// once, others a moment later.
/// </summary>
public sealed class ManageFleets(IFleetDirectory directory, ICapacityBooks books, FleetCatalog catalog)
{
    private const int Tries = 5;

    public Task<Versioned<Fleet>?> FindAsync(FleetId id, CancellationToken cancellationToken) =>
        directory.FindAsync(id, cancellationToken);

    /// <summary>Registers a fleet or replaces its description; what pausing and draining have set stays.</summary>
    /// <param name="wanted">One without <see cref="Fleet.Validate"/> errors.</param>
    /// <exception cref="ContendedException">Somebody else wrote it at every try.</exception>
    public Task<FleetChange> PutAsync(Fleet wanted, FleetPrecondition when, CancellationToken cancellationToken) =>
        RepeatAsync(
            wanted.Id,
            async current =>
            {
                if (!when.IsMetBy(current?.Version))
                {
                    return new FleetChange.Stale(current);
                }
                if (current is null)
                {
                    var first = wanted with { Paused = false, Draining = false, Revision = 1 };
                    var made = await directory.TryPutAsync(first, ifMatch: null, cancellationToken);
                    return made is null ? null : new FleetChange.Created(new(first, made));
                }
                var known = current.Value;
                var next = wanted with { Paused = known.Paused, Draining = known.Draining, Revision = known.Revision };
                return next == known ? new FleetChange.Unchanged(current)
                    : when.IsNone ? new FleetChange.VersionNeeded(current)
                    : known.Draining ? new FleetChange.RefusedWhileDraining(current)
                    : await ReplaceAsync(current, next, cancellationToken);
            },
            cancellationToken
        );

    /// <summary>Stops new leases, or allows them again; leases that run, run on.</summary>
    /// <exception cref="ContendedException">Somebody else wrote it at every try.</exception>
    public Task<FleetChange> SetPausedAsync(FleetId id, bool paused, CancellationToken cancellationToken) =>
        RepeatAsync(
            id,
            async current =>
                current is null ? new FleetChange.NotFound()
                : current.Value.Paused == paused ? new FleetChange.Unchanged(current)
                : await ReplaceAsync(current, current.Value with { Paused = paused }, cancellationToken),
            cancellationToken
        );

    /// <summary>Deletes a fleet that has nothing sold or held; drains any other.</summary>
    /// <remarks>
    /// A quote that was being made while the fleet went finds it gone when machines are asked for, and ends uncharged.
    /// </remarks>
    /// <exception cref="ContendedException">Somebody else wrote it at every try.</exception>
    public Task<FleetChange> DeleteAsync(FleetId id, FleetPrecondition when, CancellationToken cancellationToken)
    {
        var isJudged = false;
        return RepeatAsync(
            id,
            async current =>
            {
                if (current is null)
                {
                    return isJudged ? new FleetChange.Deleted() : new FleetChange.NotFound();
                }
                if (!isJudged && !when.IsMetBy(current.Version))
                {
                    return new FleetChange.Stale(current);
                }
                isJudged = true;
                if (!current.Value.Draining)
                {
                    // Closed first, looked at then: nothing is sold in between.
                    return
                        await ReplaceAsync(current, current.Value with { Draining = true }, cancellationToken)
                            is FleetChange.Replaced closed
                        ? await RemoveAsync(closed.Fleet, cancellationToken)
                        : null;
                }
                return await RemoveAsync(current, cancellationToken);
            },
            cancellationToken
        );
    }

    /// <summary>Deletes a shard's draining fleets whose last lease has ended, as far as they are known here.</summary>
    public async Task RemoveDrainedAsync(int shard, CancellationToken cancellationToken)
    {
        var fleets = await catalog.GetAsync(cancellationToken);
        foreach (var draining in fleets.InShard(shard).Where(fleet => fleet.Value.Draining))
        {
            if (await RemoveAsync(draining, cancellationToken) is FleetChange.Deleted)
            {
                catalog.Outdate();
            }
        }
    }

    private async Task<FleetChange?> ReplaceAsync(
        Versioned<Fleet> current,
        Fleet next,
        CancellationToken cancellationToken
    )
    {
        var written = next with { Revision = current.Value.Revision + 1 };
        var version = await directory.TryPutAsync(written, current.Version, cancellationToken);
        return version is null ? null : new FleetChange.Replaced(new(written, version));
    }

    private async Task<FleetChange?> RemoveAsync(Versioned<Fleet> draining, CancellationToken cancellationToken)
    {
        var (book, _) = await books.ReadAsync(draining.Value.Id, cancellationToken);
        if (book.Taken > 0)
        {
            return new FleetChange.Draining(draining);
        }
        return await directory.TryDeleteAsync(draining.Value.Id, draining.Version, cancellationToken)
            ? new FleetChange.Deleted()
            : null;
    }

    /// <param name="decide">Given the fleet as it is; null: somebody else wrote first.</param>
    private async Task<FleetChange> RepeatAsync(
        FleetId id,
        Func<Versioned<Fleet>?, Task<FleetChange?>> decide,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await decide(await directory.FindAsync(id, cancellationToken)) is { } change)
            {
                catalog.Outdate();
                return change;
            }
            await Backoff.AfterAsync(attempt, cancellationToken);
        }
        throw new ContendedException($"Fleet {id} was written by others at each of {Tries} tries; try again.");
    }
}
