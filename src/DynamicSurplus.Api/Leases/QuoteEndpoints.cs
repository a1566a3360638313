using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Steps;

namespace DynamicSurplus.Api.Leases;

/// <summary>Binding offers.</summary>
public sealed class QuoteEndpoints(RequestQuote quotes, EngineClock clock, EngineOptions options)
{
    /// <summary>
    /// 201 and a lease in state held, or why there is none: 409 for now, 422 for good, with the nearest alternatives.
    /// </summary>
    public async Task<ApiAnswer> PostAsync(ApiCall call)
    {
        var document = RequestJson.Read(call.Body, ApiJson.Shared.QuoteRequestDocument);
        if (document.QuoteId is not null)
        {
            throw Query.Malformed("quoteId", "asks for no quote", "accept a quote with POST /v1/leases");
        }
        var (lease, refused) = await QuoteAsync(call, document);
        return refused ?? LeaseAnswers.Made(lease!.State.Lease, clock, options);
    }

    /// <returns>The lease that is held, or the answer that says why there is none.</returns>
    internal async Task<(LeaseOutcome? Lease, ApiAnswer? Refused)> QuoteAsync(
        ApiCall call,
        QuoteRequestDocument document
    )
    {
        var request = LeaseRequestReader.Read(call.Tenant, document);
        var key = call.Key!;
        var answer = await quotes.RunAsync(request, key.Value, key.Hash, call.CancellationToken);
        return answer switch
        {
            { Limit: { } limit } => (null, LeaseAnswers.Of(limit, WallTime.Until(limit.FreesAt, clock, options))),
            { Refusal: { } refusal } => (null, LeaseAnswers.Of(refusal, WallTime.ToNextTick(clock, options))),
            { Lease.Refusal: { } refusal } => (null, LeaseAnswers.Of(refusal)),
            { Lease.Lease.Terms: null } => (null, LeaseAnswers.GivenUp),
            _ => (answer.Lease, null),
        };
    }
}
