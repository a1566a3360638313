using DynamicSurplus.Leasing;

namespace DynamicSurplus.Api.Problems;

/// <summary>Every kind of problem that the API answers with, and which refusal of the engine is which.</summary>
public static class ProblemKinds
{
    public static readonly ProblemKind MalformedRequest = new("malformed-request", 400, "The request cannot be read");
    public static readonly ProblemKind KeyMissing = new(
        "idempotency-key-missing",
        400,
        "The request needs an Idempotency-Key"
    );
    public static readonly ProblemKind Unauthenticated = new("unauthenticated", 401, "A valid credential is needed");
    public static readonly ProblemKind Forbidden = new("forbidden", 403, "The caller's role may not do this");
    public static readonly ProblemKind NoRoute = new("no-such-route", 404, "There is nothing at this address");
    public static readonly ProblemKind FleetNotFound = new("fleet-not-found", 404, "There is no such fleet");
    public static readonly ProblemKind RateNotFound = new("rate-not-found", 404, "The fleet has no rate yet");
    public static readonly ProblemKind LeaseNotFound = new("lease-not-found", 404, "There is no such lease");
    public static readonly ProblemKind WebhookNotFound = new("webhook-not-found", 404, "There is no such webhook");
    public static readonly ProblemKind MethodNotAllowed = new(
        "method-not-allowed",
        405,
        "The address has no such method"
    );
    public static readonly ProblemKind NotAcceptable = new(
        "not-acceptable",
        406,
        "The answer cannot have the type that is accepted"
    );
    public static readonly ProblemKind WebhookExists = new("webhook-exists", 409, "The address is a webhook already");
    public static readonly ProblemKind TooManyWebhooks = new("too-many-webhooks", 409, "There are too many webhooks");
    public static readonly ProblemKind KeyInFlight = new(
        "idempotency-key-in-flight",
        409,
        "The first request with this key is still being answered"
    );
    public static readonly ProblemKind QuoteExpired = new("quote-expired", 410, "The quote has expired");
    public static readonly ProblemKind CursorLost = new("cursor-lost", 410, "The cursor is not in the feed any more");
    public static readonly ProblemKind QuoteAccepted = new(
        "quote-already-accepted",
        409,
        "The quote was accepted before"
    );
    public static readonly ProblemKind LeaseOver = new("lease-already-ended", 409, "The lease is over");
    public static readonly ProblemKind LeaseNotOver = new("lease-not-ended", 409, "The lease is not over");
    public static readonly ProblemKind NotGrantable = new("lease-not-granting", 409, "The lease waits for no machines");
    public static readonly ProblemKind AlreadyGranted = new(
        "lease-already-granted",
        409,
        "The machines were handed over"
    );
    public static readonly ProblemKind NotReclaimable = new(
        "lease-not-reclaimable",
        409,
        "The lease cannot be reclaimed"
    );
    public static readonly ProblemKind BeingReclaimed = new(
        "lease-being-reclaimed",
        409,
        "The lease's GPUs are being taken back"
    );
    public static readonly ProblemKind CoolingDown = new("lease-cooling-down", 409, "A notice was withdrawn of late");
    public static readonly ProblemKind NotRenewable = new(
        "lease-not-renewable",
        409,
        "The lease cannot be renewed now"
    );
    public static readonly ProblemKind RenewalAboveMax = new(
        "renewal-above-max",
        409,
        "The rate is above the lease's bound now"
    );
    public static readonly ProblemKind NotFirm = new("lease-not-firm", 409, "Only a running firm lease fails");
    public static readonly ProblemKind NotSettled = new("lease-not-settled", 409, "The lease is not settled yet");
    public static readonly ProblemKind CorrectionTooLarge = new(
        "correction-too-large",
        409,
        "The correction is more than the lease has cost"
    );
    public static readonly ProblemKind StalePlan = new("stale-reclaim-plan", 409, "Another plan holds by now");
    public static readonly ProblemKind FleetDraining = new("fleet-draining", 409, "The fleet is being deleted");
    public static readonly ProblemKind StaleVersion = new("stale-version", 412, "The fleet has another version now");
    public static readonly ProblemKind BodyTooLarge = new("body-too-large", 413, "The body is too large");
    public static readonly ProblemKind UnknownEncoding = new(
        "unknown-encoding",
        415,
        "The body's encoding is not known"
    );
    public static readonly ProblemKind InvalidRequest = new(
        "invalid-request",
        422,
        "The request asks for what cannot be"
    );
    public static readonly ProblemKind KeyReused = new(
        "idempotency-key-reused",
        422,
        "The Idempotency-Key was used for another request"
    );
    public static readonly ProblemKind TooManyGpus = new(
        "held-gpus-past-limit",
        422,
        "One tenant may not hold so many GPUs"
    );
    public static readonly ProblemKind VersionNeeded = new(
        "version-needed",
        428,
        "The fleet exists: say which version you saw"
    );
    public static readonly ProblemKind TooManyRequests = new(
        "too-many-requests",
        429,
        "Requests come faster than they are served to one caller"
    );
    public static readonly ProblemKind LiveQuotesLimit = new(
        "live-quotes-limit",
        429,
        "The tenant has as many live quotes as it may"
    );
    public static readonly ProblemKind HeldGpusLimit = new(
        "held-gpus-limit",
        429,
        "The tenant's live quotes hold as many GPUs as they may"
    );
    public static readonly ProblemKind Internal = new("internal", 500, "Something went wrong here");
    public static readonly ProblemKind Contended = new(
        "contended",
        503,
        "Too many requests for the same thing at once"
    );
    public static readonly ProblemKind Unavailable = new("storage-unavailable", 503, "Storage does not answer now");
    public static readonly ProblemKind NotRecorded = new(
        "not-recorded",
        503,
        "The action could not be recorded, and was not done"
    );
    public static readonly ProblemKind NoSigningKeys = new(
        "signing-keys-unavailable",
        503,
        "The identity provider's signing keys cannot be had"
    );
    public static readonly ProblemKind TooManyStreams = new("too-many-streams", 503, "Too many streams are open");
    public static readonly ProblemKind NoSigningKey = new(
        "webhooks-unavailable",
        503,
        "The installation has no key to sign webhooks with"
    );
    public static readonly ProblemKind TimedOut = new("timed-out", 503, "The answer took too long");
    public static readonly ProblemKind NotReady = new("not-ready", 503, "The service is not ready");

    private static readonly Dictionary<MatchRefusalCode, ProblemKind> Unmatched = new()
    {
        [MatchRefusalCode.UnknownFleet] = new("unknown-fleet", 422, "No fleet has that name"),
        [MatchRefusalCode.UnknownSku] = new("unknown-sku", 422, "No fleet has that SKU"),
        [MatchRefusalCode.NoSuchFleet] = new("no-such-fleet", 422, "No fleet meets the constraints"),
        [MatchRefusalCode.WorkloadClass] = new("wrong-workload-class", 422, "The fleets serve the other class of work"),
        [MatchRefusalCode.TermOutOfRange] = new("term-out-of-range", 422, "No fleet leases for such a term"),
        [MatchRefusalCode.MaxRateBelowFloor] = new("max-rate-below-floor", 422, "The rate is never so low"),
        [MatchRefusalCode.Closed] = new("fleet-closed", 409, "The fleets take no new leases now"),
        [MatchRefusalCode.Stale] = new("telemetry-stale", 409, "The fleets' telemetry is too old for new leases"),
        [MatchRefusalCode.RateAboveMax] = new("rate-above-max", 409, "The rate is above the bound now"),
        [MatchRefusalCode.NotEnoughGpus] = new("not-enough-gpus", 409, "No one fleet has so many GPUs free now"),
    };

    public static ProblemKind Of(MatchRefusalCode code) => Unmatched[code];

    public static ProblemKind Of(LeaseRefusalCode code) =>
        code switch
        {
            LeaseRefusalCode.NotFound => LeaseNotFound,
            LeaseRefusalCode.AnotherRequest => KeyReused,
            LeaseRefusalCode.Expired => QuoteExpired,
            LeaseRefusalCode.AlreadyAccepted => QuoteAccepted,
            LeaseRefusalCode.NotGrantable => NotGrantable,
            LeaseRefusalCode.AlreadyGranted => AlreadyGranted,
            LeaseRefusalCode.NotReclaimable => NotReclaimable,
            LeaseRefusalCode.BeingReclaimed => BeingReclaimed,
            LeaseRefusalCode.CoolingDown => CoolingDown,
            LeaseRefusalCode.NotRenewable => NotRenewable,
            LeaseRefusalCode.RateAboveMax => RenewalAboveMax,
            LeaseRefusalCode.NotFirm => NotFirm,
            LeaseRefusalCode.NotSettled => NotSettled,
            LeaseRefusalCode.CorrectionTooLarge => CorrectionTooLarge,
            LeaseRefusalCode.AlreadyEnded => LeaseOver,
            LeaseRefusalCode.NotEnded => LeaseNotOver,
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, "No problem stands for this refusal."),
        };
}
