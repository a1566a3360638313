using DynamicSurplus.Leasing;
using Shouldly;

namespace DynamicSurplus.Tests.Backtesting;

/// <summary>
/// A second opinion on one lease, from its events alone: which GPUs it has, what it owes, whether its promises are
/// kept.
/// Nothing of the product's own metering is used.
/// </summary>
internal sealed class LeaseAccount
{
    private readonly List<(DateTimeOffset From, int Steps)> _rates = [];
    private readonly List<(DateTimeOffset From, int Gpus)> _sizes = [];
    private readonly List<long> _credits = [];
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private DateTimeOffset? _noticeSentAt;
    private DateTimeOffset? _endsAt;
    private int _spendPercent;
    private bool _isOwed;
    private long _version;

    public LeaseTerms? Terms { get; private set; }

    public bool IsFirm => Terms!.Tier == LeaseTier.Firm;

    public LeaseStatus Status { get; private set; }

    /// <summary>That nobody else may have: held, running or in notice.</summary>
    public int Gpus { get; private set; }

    public long SettledMicroUsd { get; private set; }

    public void Apply(LeaseEventEnvelope envelope)
    {
        envelope.Version.ShouldBe(++_version);
        var happened = envelope.Event;
        happened.At.ShouldBeGreaterThanOrEqualTo(_last);
        _last = happened.At;
        switch (happened)
        {
            case LeaseEvent.Held held:
                (Status, Terms, Gpus) = (LeaseStatus.Held, held.Terms, held.Terms.Gpus);
                break;
            case LeaseEvent.Accepted:
                Status = LeaseStatus.Granting;
                break;
            case LeaseEvent.Granted granted:
                (Status, _endsAt) = (LeaseStatus.Active, granted.EndsAt);
                _rates.Add((granted.At, Terms!.Rate.Steps));
                _sizes.Add((granted.At, Gpus));
                break;
            case LeaseEvent.ReclaimDecided decided:
                IsFirm.ShouldBeFalse("a firm lease is never reclaimed");
                decided.Gpus.ShouldBeInRange(1, Gpus);
                Status = LeaseStatus.Reclaiming;
                break;
            case LeaseEvent.NoticeSent sent:
                _noticeSentAt = sent.At;
                break;
            case LeaseEvent.Rescinded:
                Status = LeaseStatus.Active;
                break;
            case LeaseEvent.Shrunk shrunk:
                RequireNoticeKept(shrunk.At);
                shrunk.Gpus.ShouldBeInRange(Terms!.MinGpus!.Value, Gpus - 1);
                (Status, Gpus) = (LeaseStatus.Active, shrunk.Gpus);
                _sizes.Add((shrunk.At, shrunk.Gpus));
                break;
            case LeaseEvent.Renewed renewed:
                renewed.From.ShouldBe(_endsAt!.Value);
                (Terms!.MaxRate is { } most && renewed.Rate > most).ShouldBeFalse("above the customer's bound");
                _endsAt = renewed.EndsAt;
                _rates.Add((renewed.From, renewed.Rate.Steps));
                break;
            case LeaseEvent.Credited credited:
                var gpuSeconds = (long)credited.Gpus * credited.Seconds;
                credited.Amount.Value.ShouldBe(MicroUsd(credited.Rate.Steps, gpuSeconds));
                _credits.Add(credited.Amount.Value);
                break;
            case LeaseEvent.NotRenewed or LeaseEvent.CushionLow:
                break;
            default:
                ApplyRest(happened);
                break;
        }
    }

    private void ApplyRest(LeaseEvent happened)
    {
        switch (happened)
        {
            case LeaseEvent.SpendReached spent:
                spent.Percent.ShouldBeGreaterThan(_spendPercent);
                _spendPercent = spent.Percent;
                break;
            case LeaseEvent.Lapsed:
                (Status, Gpus) = (LeaseStatus.Lapsed, 0);
                break;
            case LeaseEvent.Ended ended:
                RequireReason(ended);
                (Status, Gpus, _endsAt) = (LeaseStatus.Ended, 0, ended.At);
                break;
            case LeaseEvent.Settled settled:
                Status = LeaseStatus.Settled;
                SettledMicroUsd = settled.Amount.Value;
                RequireBill(settled);
                break;
            case LeaseEvent.Corrected corrected:
                Status.ShouldBe(LeaseStatus.Settled);
                var last = _rates.Last(rate => rate.From <= _endsAt);
                corrected.Amount.Value.ShouldBe(MicroUsd(last.Steps, corrected.GpuSeconds));
                break;
            default:
                throw new InvalidOperationException($"No opinion on {happened.GetType().Name}.");
        }
    }

    private void RequireReason(LeaseEvent.Ended ended)
    {
        switch (ended.Reason)
        {
            case EndReason.Reclaimed:
                RequireNoticeKept(ended.At);
                break;
            case EndReason.TermOver:
                ended.At.ShouldBe(_endsAt!.Value);
                break;
            case EndReason.FirmFailed:
                IsFirm.ShouldBeTrue();
                _isOwed = true;
                break;
            case EndReason.SpendCap:
                _spendPercent.ShouldBe(100);
                break;
        }
    }

    private void RequireNoticeKept(DateTimeOffset end) =>
        end.ShouldBeGreaterThanOrEqualTo(_noticeSentAt!.Value + Terms!.Notice, "the promised notice");

    private void RequireBill(LeaseEvent.Settled settled)
    {
        (_isOwed && _credits.Count == 0).ShouldBeFalse("a failed firm lease is credited");
        var usage = UsageMicroUsd();
        (Terms!.SpendCap is { } cap && usage > cap.Value).ShouldBeFalse("above the spend cap");
        var owed = usage;
        foreach (var credit in _credits)
        {
            owed -= Math.Min(owed, credit);
        }
        settled.Amount.Value.ShouldBe(owed);
        settled.Amount.Value.ShouldBeGreaterThanOrEqualTo(0);
        (settled.Lines?.Sum(line => line.Amount.Value) ?? 0).ShouldBe(owed);
    }

    /// <summary>Second by second boundaries, counted from the grant; each stretch rounded once.</summary>
    private long UsageMicroUsd()
    {
        if (_rates.Count == 0)
        {
            return 0;
        }
        var (start, end) = (_rates[0].From, _endsAt!.Value);
        var bounds = _rates
            .Select(rate => rate.From)
            .Concat(_sizes.Select(size => size.From))
            .Where(at => at < end)
            .Append(end)
            .Distinct()
            .Order()
            .ToArray();
        var total = 0L;
        foreach (var (from, to) in bounds.Zip(bounds.Skip(1)))
        {
            var seconds = Seconds(to) - Seconds(from);
            var rate = _rates.Last(change => change.From <= from).Steps;
            total += MicroUsd(rate, seconds * _sizes.Last(change => change.From <= from).Gpus);
        }
        return total;

        long Seconds(DateTimeOffset at) => (long)Math.Floor((at - start).TotalSeconds);
    }

    /// <summary>A rate step is $0.0001 per GPU-hour: 1/36 micro-dollar per GPU-second.</summary>
    private static long MicroUsd(int steps, long gpuSeconds) =>
        (long)Math.Round((decimal)steps * gpuSeconds / 36, MidpointRounding.ToEven);
}
