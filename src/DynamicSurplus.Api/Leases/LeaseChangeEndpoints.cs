using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Leases;

/// <summary>What may be asked of a lease between its grant and its end, and after.</summary>
public sealed class LeaseChangeEndpoints(
    LeaseAccess access,
    RenewLease renew,
    HandleLeaseCommand handle,
    EngineClock clock,
    EngineOptions options
)
{
    private const int LongestId = 100;
    private const int LongestDetail = 500;

    /// <summary>Most GPU-seconds of one correction: a thousand GPUs for a month.</summary>
    private const long MostGpuSeconds = 2_678_400_000;

    /// <summary>The next term begins when the present one ends; its rate is the one of this moment.</summary>
    public async Task<ApiAnswer> RenewAsync(ApiCall call)
    {
        var document = call.Body.IsEmpty ? new() : RequestJson.Read(call.Body, ApiJson.Shared.RenewalDocument);
        var errors = new FieldErrors();
        var seconds = errors.Whole("termSeconds", document.TermSeconds);
        if (seconds < 1)
        {
            errors.Add("termSeconds", $"{seconds} is no term", "give whole seconds above 0, or leave it out");
        }
        errors.ThrowIfAny();
        if (await access.FindAsync(call, call.Lease) is not { } state)
        {
            return LeaseAnswers.NotFound;
        }
        var term = seconds is { } given ? TimeSpan.FromSeconds(given) : (TimeSpan?)null;
        return Answer(await renew.RunAsync(state, LeaseAccess.CommandOf(call, "renew"), term, call.CancellationToken));
    }

    /// <summary>Its events say what a reclaim's would, flagged; after the notice the lease goes on as before.</summary>
    public async Task<ApiAnswer> SimulateReclaimAsync(ApiCall call)
    {
        if (!call.Body.IsEmpty)
        {
            _ = RequestJson.Read(call.Body, ApiJson.Shared.NothingDocument);
        }
        return await access.FindAsync(call, call.Lease) is { } state
            ? Answer(
                await handle.RunAsync(
                    state,
                    new LeaseCommand.Drill(LeaseAccess.CommandOf(call, "drill"), call.ArrivedAt, clock.Tick),
                    call.CancellationToken
                )
            )
            : LeaseAnswers.NotFound;
    }

    /// <summary>
    /// Adds a line to a settled lease's statement; what was settled stays. A repeated id changes nothing.
    /// </summary>
    public async Task<ApiAnswer> CorrectAsync(ApiCall call)
    {
        var document = RequestJson.Read(call.Body, ApiJson.Shared.CorrectionDocument);
        var errors = new FieldErrors();
        if (document.CorrectionId is not { Length: >= 1 and <= LongestId } id)
        {
            id = "";
            errors.Add(
                "correctionId",
                "is missing or too long",
                $"give 1 to {LongestId} characters, the same at a retry"
            );
        }
        if (document.Detail is not { Length: >= 1 and <= LongestDetail } detail)
        {
            detail = "";
            errors.Add("detail", "is missing or too long", $"say why in 1 to {LongestDetail} characters");
        }
        var isWhole = document.GpuSeconds is { } given && double.IsInteger(given) && Math.Abs(given) <= MostGpuSeconds;
        if (!isWhole || document.GpuSeconds == 0)
        {
            errors.Add(
                "gpuSeconds",
                "is missing, 0, no whole number or too large",
                $"give GPU-seconds, below 0 to take back, {MostGpuSeconds} at most"
            );
        }
        errors.ThrowIfAny();
        return await access.FindAsync(call, call.Lease) is { } state
            ? Answer(
                await handle.RunAsync(
                    state,
                    new LeaseCommand.Correct(
                        CommandId.From($"correct-{id}"),
                        call.ArrivedAt,
                        clock.Tick,
                        (long)document.GpuSeconds!.Value,
                        detail
                    ),
                    call.CancellationToken
                )
            )
            : LeaseAnswers.NotFound;
    }

    private ApiAnswer Answer(LeaseOutcome outcome) =>
        outcome.Refusal is { } refusal ? LeaseAnswers.Of(refusal) : LeaseAnswers.Of(200, outcome.Lease, clock, options);
}
