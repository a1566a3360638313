using System.Globalization;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Api.Leases;

/// <summary>What leases and their refusals look like outside.</summary>
internal static class LeaseAnswers
{
    public static ApiAnswer NotFound { get; } =
        ProblemDocument.Answer(new(ProblemKinds.LeaseNotFound, "No lease of yours has that id."));

    /// <summary>A try of the request was cut off for so long that its stream was closed before it began.</summary>
    public static ApiAnswer GivenUp { get; } =
        ProblemDocument.Answer(
            new(ProblemKinds.QuoteExpired, "The request took too long and was given up; use a new key.")
        );

    public static ApiAnswer Of(int status, Lease lease, EngineClock clock, EngineOptions options) =>
        ApiAnswer.Of(status, Document(lease, clock.UtcNow, options.TickLength), ApiJson.Shared.LeaseDocument);

    public static ApiAnswer Made(Lease lease, EngineClock clock, EngineOptions options) =>
        Of(201, lease, clock, options) with
        {
            Location = $"/v1/leases/{lease.Id}",
        };

    public static ApiAnswer Of(LeaseRefusal refusal) =>
        ProblemDocument.Answer(new(ProblemKinds.Of(refusal.Code), refusal.Detail));

    /// <param name="retryAfterSeconds">Wall time to the next tick, when what is refused for now may be had.</param>
    public static ApiAnswer Of(MatchRefusal refusal, int retryAfterSeconds) =>
        ProblemDocument.Answer(
            Problem.With(ProblemKinds.Of(refusal.Code), refusal.Field, refusal.Problem, refusal.Fix) with
            {
                Alternatives = refusal.Alternatives,
                RetryAfterSeconds = refusal.IsForNow ? retryAfterSeconds : null,
            }
        );

    /// <summary>Names the limit, and when it has room again.</summary>
    /// <param name="retryAfterSeconds">Wall time until then, where there will be room.</param>
    public static ApiAnswer Of(HoldRefusal refusal, int retryAfterSeconds) =>
        ProblemDocument.Answer(
            refusal switch
            {
                { FreesAt: null } => Problem.With(
                    ProblemKinds.TooManyGpus,
                    "gpus",
                    $"is more than the {refusal.Most} GPUs that all live quotes of a tenant may hold together",
                    $"ask for at most {refusal.Most}, or for several leases one after the other"
                ),
                { Limit: HoldLimit.LiveQuotes } => Problem.With(
                    ProblemKinds.LiveQuotesLimit,
                    "quotes",
                    $"{refusal.Taken} are live, and a tenant may have {refusal.Most} at once",
                    $"accept or end one, or wait until {Instant(refusal)}, when one lapses"
                ),
                _ => Problem.With(
                    ProblemKinds.HeldGpusLimit,
                    "gpus",
                    $"live quotes hold {refusal.Taken}, and those of a tenant may hold {refusal.Most} together",
                    $"ask for fewer, accept or end a quote, or wait until {Instant(refusal)}, when enough have lapsed"
                ),
            } with
            {
                RetryAfterSeconds = refusal.FreesAt is null ? null : retryAfterSeconds,
            }
        );

    public static LeaseRowDocument Row(LeaseView view) =>
        new(
            view.Lease.ToString(),
            view.Tenant.ToString(),
            view.Fleet.ToString(),
            view.Tier,
            view.Status,
            view.Gpus,
            Money.PerGpuHour(view.Rate),
            view.HeldAt,
            view.GrantedAt,
            view.EndsAt,
            view.EndedAt,
            view.Reclaimed,
            view.BilledSeconds,
            view.Amount is { } amount ? Money.Total(amount) : null
        );

    public static StatementDocument Statement(Lease lease, LeaseStatement statement) =>
        new(
            lease.Id.ToString(),
            lease.Terms!.Tenant.ToString(),
            lease.Terms.Fleet.ToString(),
            statement.State,
            statement.AsOf,
            [
                .. statement.Lines.Select(line => new StatementLineDocument(
                    line.Kind,
                    Money.PerGpuHour(line.Rate),
                    line.Gpus,
                    line.From,
                    line.To,
                    line.Seconds,
                    Money.Total(line.Amount),
                    line.Detail
                )),
            ],
            Money.Total(statement.Total)
        );

    private static string Instant(HoldRefusal refusal) =>
        refusal.FreesAt!.Value.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static LeaseDocument Document(Lease lease, DateTimeOffset now, TickLength tickLength)
    {
        var terms = lease.Terms!;
        var term = (long)terms.Term.TotalSeconds;
        var rate = lease.Meter.IsRunning ? lease.Meter.RateAt(lease.EndedAt ?? Later(now, lease)) : terms.Rate;
        return new(
            lease.Id.ToString(),
            lease.Status == LeaseStatus.Held ? lease.Id.ToString() : null,
            lease.Status,
            terms.Tenant.ToString(),
            terms.Fleet.ToString(),
            terms.Tier,
            terms.WorkloadClass,
            lease.Gpus,
            term,
            Money.PerGpuHour(rate),
            Money.PerHour(rate, lease.Gpus),
            Money.Total(StatementAmount.Of([new MeterSegment(terms.Rate, terms.Gpus, term)])),
            terms.MaxRate is { } most ? Money.PerGpuHour(most) : null,
            terms.MinGpus,
            terms.SpendCap is { } cap ? Money.Total(cap) : null,
            lease.SpendPercent,
            terms.AutoRenew == true,
            terms.LongTerm,
            terms.EndsAtLatest,
            (long)terms.Notice.TotalSeconds,
            (long)terms.MinimumRun.TotalSeconds,
            (long)terms.GrantTimeout.TotalSeconds,
            InterruptionDocument.Of(terms, tickLength),
            lease.HeldAt,
            lease.ExpiresAt,
            lease.AcceptedAt,
            lease.GrantedAt,
            lease.EndsAt,
            lease.ReclaimReason is { } reason
                ? new(reason, lease.ReclaimedGpus, lease.NoticeSentAt, lease.NoticeDeadline, lease.IsDrill)
                : null,
            lease.EndedAt,
            lease.EndReason,
            lease.EndDetail,
            lease.BilledSeconds,
            lease.Amount is { } amount ? Money.Total(amount) : null
        );
    }

    private static DateTimeOffset Later(DateTimeOffset now, Lease lease) =>
        now > lease.LastEventAt ? now : lease.LastEventAt;
}
