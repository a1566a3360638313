using System.Numerics;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>
/// One lease as a customer with a stopwatch and a pencil would keep it: from what the journal says happened, by rules
/// written anew. It knows nothing of how the product decides.
/// </summary>
internal sealed class ModelledLease
{
    /// <summary>What may follow what, by the first letters of the events.</summary>
    private static readonly Dictionary<string, string[]> Follows = new(StringComparer.Ordinal)
    {
        [""] = ["Held", "Lapsed"],
        ["held"] = ["Accepted", "Lapsed"],
        ["granting"] = ["Granted", "Ended"],
        ["running"] = ["ReclaimDecided", "Renewed", "NotRenewed", "SpendReached", "CushionLow", "Ended"],
        ["drilled"] = ["NoticeSent", "Rescinded", "ReclaimDecided", "Renewed", "NotRenewed", "SpendReached", "Ended"],
        ["reclaimed"] = ["NoticeSent", "Credited", "Rescinded", "Shrunk", "SpendReached", "Ended"],
        ["over"] = ["Credited", "Settled"],
        ["settled"] = ["Corrected"],
        ["lapsed"] = [],
    };

    private readonly SortedDictionary<long, Rate> _rates = [];
    private readonly SortedDictionary<long, int> _gpusFrom = [];
    private readonly HashSet<int> _spendTold = [];
    private string _phase = "";
    private LeaseTerms? _terms;
    private DateTimeOffset _granted;
    private DateTimeOffset _sentAt = DateTimeOffset.MaxValue;
    private DateTimeOffset _quietUntil = DateTimeOffset.MinValue;
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private int _noticedGpus;
    private long _seconds;
    private long _credits;
    private long _bill;

    /// <summary>GPUs that nobody else can have.</summary>
    public int Live => _phase is "" or "over" or "settled" or "lapsed" ? 0 : Gpus;

    public int Gpus { get; private set; }

    public bool IsFirm => _terms?.Tier == LeaseTier.Firm;

    public bool IsOver => _phase is "settled" or "lapsed";

    /// <summary>GPUs that a reclaim has freed.</summary>
    public int Freed { get; private set; }

    public void Apply(LeaseEvent happened)
    {
        Follows[_phase].ShouldContain(happened.GetType().Name, $"after {_phase}");
        happened.At.ShouldBeGreaterThanOrEqualTo(_last);
        _last = happened.At;
        switch (happened)
        {
            case LeaseEvent.Held held:
                (_phase, _terms, Gpus) = ("held", held.Terms, held.Terms.Gpus);
                break;
            case LeaseEvent.Lapsed:
                _phase = "lapsed";
                break;
            case LeaseEvent.Accepted:
                _phase = "granting";
                break;
            case LeaseEvent.Granted:
                (_phase, _granted) = ("running", happened.At);
                (_rates[0], _gpusFrom[0]) = (_terms!.Rate, Gpus);
                break;
            case LeaseEvent.Renewed renewed:
                _rates[SecondOf(renewed.From)] = renewed.Rate;
                break;
            case LeaseEvent.SpendReached reached:
                _spendTold.Add(reached.Percent).ShouldBeTrue($"{reached.Percent} % told twice");
                break;
            case LeaseEvent.Credited credited:
                Money(credited.Rate, credited.Gpus, credited.Seconds).ShouldBe(credited.Amount.Value);
                _credits += credited.Amount.Value;
                break;
            case LeaseEvent.Ended ended:
                End(ended);
                break;
            case LeaseEvent.Settled settled:
                Settle(settled);
                break;
            case LeaseEvent.Corrected corrected:
                _bill += corrected.Amount.Value;
                _bill.ShouldBeGreaterThanOrEqualTo(0);
                break;
            default:
                Reclaim(happened);
                break;
        }
    }

    private void Reclaim(LeaseEvent happened)
    {
        switch (happened)
        {
            case LeaseEvent.ReclaimDecided decided:
                var isDrill = decided.Drill == true;
                (_phase, _noticedGpus, _sentAt) = (
                    isDrill ? "drilled" : "reclaimed",
                    decided.Gpus,
                    DateTimeOffset.MaxValue
                );
                IsFirm.ShouldBeFalse("a firm lease is never reclaimed");
                if (!isDrill)
                {
                    decided.At.ShouldBeGreaterThanOrEqualTo(_quietUntil, "a notice within the cool-down");
                    (Gpus - decided.Gpus).ShouldBeOneOf(0, Math.Max(Gpus - decided.Gpus, _terms!.MinGpus ?? 1));
                }
                break;
            case LeaseEvent.NoticeSent:
                _sentAt = happened.At;
                break;
            case LeaseEvent.Rescinded rescinded:
                var wasReal = rescinded.Reason == RescindReason.DemandFell;
                _phase.ShouldBe(wasReal ? "reclaimed" : "drilled");
                _quietUntil = wasReal ? happened.At + (_terms!.ReclaimCoolDown ?? TimeSpan.Zero) : _quietUntil;
                _phase = "running";
                break;
            case LeaseEvent.Shrunk shrunk:
                happened.At.ShouldBeGreaterThanOrEqualTo(_sentAt + _terms!.Notice, "taken before its notice was over");
                shrunk.Gpus.ShouldBe(Gpus - _noticedGpus);
                Freed += _noticedGpus;
                (_phase, Gpus) = ("running", shrunk.Gpus);
                _gpusFrom[SecondOf(happened.At)] = Gpus;
                break;
        }
    }

    private void End(LeaseEvent.Ended ended)
    {
        _seconds = _rates.Count == 0 ? 0 : SecondOf(ended.At);
        if (ended.Reason == EndReason.Reclaimed)
        {
            _phase.ShouldBe("reclaimed");
            ended.At.ShouldBeGreaterThanOrEqualTo(_sentAt + _terms!.Notice, "ended before its notice was over");
        }
        if (ended.Reason == EndReason.FirmFailed)
        {
            IsFirm.ShouldBeTrue();
        }
        Freed += _phase == "reclaimed" ? _noticedGpus : 0;
        _phase = "over";
    }

    private void Settle(LeaseEvent.Settled settled)
    {
        var used = Used();
        used.ShouldBeLessThanOrEqualTo(_terms!.SpendCap?.Value ?? long.MaxValue, "above the spend cap");
        _bill = Math.Max(0, used - _credits);
        settled.BilledSeconds.ShouldBe(_seconds);
        settled.Amount.Value.ShouldBe(_bill);
        _phase = "settled";
    }

    /// <summary>
    /// Second by second, at what was in force when it began or came into force within it; from one change to the next
    /// rounded together.
    /// </summary>
    private long Used()
    {
        var (total, units, rate, gpus) = (0L, BigInteger.Zero, default(Rate), 0);
        for (var second = 0L; second < _seconds; second++)
        {
            if (_rates.ContainsKey(second) || _gpusFrom.ContainsKey(second))
            {
                total += Rounded(units);
                units = 0;
                rate = _rates.GetValueOrDefault(second, rate);
                gpus = _gpusFrom.GetValueOrDefault(second, gpus);
            }
            units += (long)rate.Steps * gpus;
        }
        return total + Rounded(units);
    }

    private static long Money(Rate rate, int gpus, long seconds) => Rounded((BigInteger)rate.Steps * gpus * seconds);

    /// <summary>$0.0001 an hour is a 36th of a micro-dollar a second.</summary>
    private static long Rounded(BigInteger units) => (long)Math.Round((decimal)units / 36, MidpointRounding.ToEven);

    private long SecondOf(DateTimeOffset at) => (long)Math.Floor((at - _granted).TotalSeconds);
}
