using System.Text.Json;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Fleets;

/// <summary>What operators do with fleets.</summary>
public sealed class FleetEndpoints(
    ManageFleets manage,
    IFleetDirectory directory,
    ICapacityBooks books,
    IRefusals refusals,
    EngineOptions options
)
{
    /// <summary>
    /// Registers (201), replaces (200 with the right If-Match), or finds the same there already (200).
    /// </summary>
    public async Task<ApiAnswer> PutAsync(ApiCall call)
    {
        var id = call.RequireFleet();
        var when = EntityTags.Precondition(call.Http.Request);
        var fleet = FleetReader.Read(id, call.Body);
        return Answer(await manage.PutAsync(fleet, when, call.CancellationToken), id);
    }

    public async Task<ApiAnswer> GetAsync(ApiCall call)
    {
        var id = call.RequireFleet();
        if (await directory.FindAsync(id, call.CancellationToken) is not { } fleet)
        {
            return Answer(new FleetChange.NotFound(), id);
        }
        var (book, _) = await books.ReadAsync(id, call.CancellationToken);
        var summary = await refusals.ReadAsync(id.ToString(), call.CancellationToken);
        var status = FleetStatusDocument.Of(fleet.Value) with
        {
            LeasedGpus = book.Leased,
            HeldGpus = book.HeldFirm + book.HeldSpot,
            Refusals = new(summary.Count, summary.Latest),
        };
        return Answer(200, fleet, status);
    }

    /// <summary>By shard and then id.</summary>
    public async Task<ApiAnswer> ListAsync(ApiCall call)
    {
        var limit = Query.Limit(call.Http.Request);
        var after = Query.FleetCursor(call.Http.Request);
        var page = new List<FleetDocument>();
        string? next = null;
        for (var shard = after?.Shard(options.ShardCount) ?? 0; shard < options.ShardCount && next is null; shard++)
        {
            foreach (var (fleet, _) in await directory.ListAsync(shard, call.CancellationToken))
            {
                if (after is { } last && shard == last.Shard(options.ShardCount) && fleet.Id <= last)
                {
                    continue;
                }
                if (page.Count == limit)
                {
                    next = page[^1].Id;
                    break;
                }
                page.Add(FleetDocument.Of(fleet, Element(FleetStatusDocument.Of(fleet))));
            }
        }
        return ApiAnswer.Of(200, new FleetListDocument(page, next), ApiJson.Shared.FleetListDocument);
    }

    /// <summary>204 where nothing is sold, 202 where the fleet drains first.</summary>
    public async Task<ApiAnswer> DeleteAsync(ApiCall call)
    {
        var when = EntityTags.Precondition(call.Http.Request);
        return Answer(await manage.DeleteAsync(call.RequireFleet(), when, call.CancellationToken), call.RequireFleet());
    }

    public async Task<ApiAnswer> PauseAsync(ApiCall call) =>
        Answer(
            await manage.SetPausedAsync(call.RequireFleet(), paused: true, call.CancellationToken),
            call.RequireFleet()
        );

    public async Task<ApiAnswer> ResumeAsync(ApiCall call) =>
        Answer(
            await manage.SetPausedAsync(call.RequireFleet(), paused: false, call.CancellationToken),
            call.RequireFleet()
        );

    private static ApiAnswer Answer(FleetChange change, FleetId id) =>
        change switch
        {
            FleetChange.Created created => Answer(201, created.Fleet) with { Location = $"/v1/fleets/{id}" },
            FleetChange.Replaced replaced => Answer(200, replaced.Fleet),
            FleetChange.Unchanged unchanged => Answer(200, unchanged.Fleet),
            FleetChange.Draining draining => Answer(202, draining.Fleet),
            FleetChange.Deleted => ApiAnswer.Empty(204),
            FleetChange.NotFound => ProblemDocument.Answer(
                new(ProblemKinds.FleetNotFound, $"No fleet is registered as '{id}'.")
            ),
            FleetChange.Stale stale => ProblemDocument.Answer(Stale(stale, id)),
            FleetChange.VersionNeeded needed => ProblemDocument.Answer(
                Problem.With(
                    ProblemKinds.VersionNeeded,
                    "If-Match",
                    $"is missing, and fleet '{id}' exists and differs",
                    "read the fleet, and send its ETag as If-Match"
                ) with
                {
                    Headers = [new("ETag", EntityTags.Of(needed.Fleet.Version))],
                }
            ),
            FleetChange.RefusedWhileDraining => ProblemDocument.Answer(
                new(
                    ProblemKinds.FleetDraining,
                    $"Fleet '{id}' goes when its last lease has ended; register it again then, or another id now."
                )
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "No answer stands for this."),
        };

    private static Problem Stale(FleetChange.Stale stale, FleetId id) =>
        stale.Fleet is null
            ? new(ProblemKinds.StaleVersion, $"No fleet is registered as '{id}', so none has that version.")
            : new(ProblemKinds.StaleVersion, $"Fleet '{id}' is not as the request expects; read it, and decide again.")
            {
                Headers = [new("ETag", EntityTags.Of(stale.Fleet.Version))],
            };

    private static ApiAnswer Answer(int status, Versioned<Fleet> fleet, FleetStatusDocument? state = null) =>
        ApiAnswer.Of(
            status,
            FleetDocument.Of(fleet.Value, Element(state ?? FleetStatusDocument.Of(fleet.Value))),
            ApiJson.Shared.FleetDocument
        ) with
        {
            ETag = EntityTags.Of(fleet.Version),
        };

    private static JsonElement Element(FleetStatusDocument status) =>
        JsonSerializer.SerializeToElement(status, ApiJson.Shared.FleetStatusDocument);
}
