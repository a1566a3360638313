using DynamicSurplus.Leasing;
using DynamicSurplus.Pricing;
using DynamicSurplus.Risk;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Risk;

/// <summary>
/// After T scored blocks at most ε T + 6 hold a tick whose firm slice did not stay free for the next 60 ticks; for spot
/// ε T + 6 and the firm ones besides. On any path, an attacker's too.
/// </summary>
public sealed class RiskPromiseTests
{
    private const int Ticks = 14_400;
    private const double Capacity = 100;

    [Theory]
    [InlineData("attack")]
    [InlineData("saw")]
    [InlineData("noise")]
    [InlineData("burst")]
    [InlineData("attackSpot")]
    public void Violations_stay_within_the_promise_on_hostile_paths(string attack)
    {
        foreach (var seed in Enumerable.Range(0, 5))
        {
            var random = new Random(seed);
            var fleet = new OneFleet(new(0.01, 0.50, 0.99875));
            var free = 50.0;
            for (var tick = 0; tick < Ticks; tick++)
            {
                free = Next(attack, fleet, tick, free, random);
                fleet.Advance(OneFleet.Origin + tick, free, Capacity);
            }
            ShouldKeepThePromise(fleet.Columns, 0.01, 0.50);
        }
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.2)]
    public void Violations_stay_within_the_promise_when_the_attacker_chooses_gaps_and_outages_too(double epsilon)
    {
        foreach (var seed in Enumerable.Range(0, 10))
        {
            var random = new Random(seed);
            var fleet = new OneFleet(new(epsilon, 0.50, 0.99), seed);
            var index = OneFleet.Origin;
            for (var tick = 0; tick < Ticks; tick++)
            {
                var isStriking = random.Next(3) == 0;
                var margin = random.Next(4) == 0 ? fleet.MarginSpot : fleet.MarginFirm;
                var free = isStriking && margin < 0.99 ? Math.Max(0, Capacity - (margin * Capacity) - 1) : Capacity;
                fleet.Advance(index, free, Capacity, trusted: random.Next(400) != 0);
                index += random.Next(8) == 0 ? random.Next(1, 70) : 1;
            }
            ShouldKeepThePromise(fleet.Columns, epsilon, 0.50);
            fleet.Columns.FirmViolations[0].ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [InlineData(0.01, 1.0)]
    [InlineData(0.05, 1.0)]
    [InlineData(0.20, 1.0)]
    [InlineData(0.05, 0.85)]
    public void Firm_leases_that_were_sold_stay_served_but_for_the_promised_share_of_blocks(double epsilon, double wall)
    {
        foreach (var seed in Enumerable.Range(0, 5))
        {
            var attacked = new AttackedFleet(epsilon, wall, new Random(seed));

            var hurtBlocks = attacked.Run(Ticks);

            var columns = attacked.Columns;
            hurtBlocks.ShouldBeGreaterThan(0, "the attack must bite, or the test shows nothing");
            hurtBlocks.ShouldBeLessThanOrEqualTo(columns.FirmViolations[0]);
            ((double)hurtBlocks).ShouldBeLessThanOrEqualTo((epsilon * columns.Blocks[0]) + 6);
            ShouldKeepThePromise(columns, epsilon, 0.50);
        }
    }

    private static double Next(string attack, OneFleet fleet, int tick, double free, Random random)
    {
        var place = tick % RiskBlock.Ticks;
        return attack switch
        {
            "attack" => place < 3 ? Capacity : JustPast(fleet.MarginFirm),
            "attackSpot" => place < 3 ? Capacity : JustPast(fleet.MarginSpot),
            "saw" => place is >= 5 and < 10 ? 10 : 90,
            "noise" => Math.Clamp(free + (3 * Gaussian(random)), 0, Capacity),
            "burst" => tick / 97 % 7 == 0 ? 5 : 80,
            _ => throw new ArgumentOutOfRangeException(nameof(attack)),
        };
    }

    /// <summary>A fall by a little more than the margin, where that is possible.</summary>
    private static double JustPast(double margin) =>
        margin < 0.99 ? Math.Max(0, Capacity - (margin * Capacity) - 1) : Capacity;

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static void ShouldKeepThePromise(RiskColumns columns, double epsilonFirm, double epsilonSpot)
    {
        double blocks = columns.Blocks[0];
        double firm = columns.FirmViolations[0];
        blocks.ShouldBeGreaterThan(100);
        firm.ShouldBeLessThanOrEqualTo((epsilonFirm * blocks) + 6);
        ((double)columns.SpotViolations[0]).ShouldBeLessThanOrEqualTo((epsilonSpot * blocks) + 6 + firm);
    }

    /// <summary>
    /// Customers book firm leases of 60 ticks up to the slice at every tick; then the owner's demand, which sees the
    /// margin and the book, rises to just where a leased GPU is missing.
    /// </summary>
    private sealed class AttackedFleet(double epsilon, double wall, Random random)
    {
        private readonly OneFleet _fleet = new(new(epsilon, 0.50, 0.99875));
        private readonly Queue<(int Tick, int Gpus)> _leases = [];
        private readonly HashSet<int> _hurtBlocks = [];
        private int _newest;
        private CapacityBook _book = new(OneFleet.WithPhase(0));

        public RiskColumns Columns => _fleet.Columns;

        public int Run(int ticks)
        {
            for (var tick = 0; tick < ticks; tick++)
            {
                while (_leases.TryPeek(out var oldest) && oldest.Tick + RiskBlock.HorizonTicks < tick)
                {
                    _leases.Dequeue();
                    _book = _book with { ActiveFirm = Sold - oldest.Gpus };
                }
                // The last strikes are scored before the count.
                Step(tick, tick < ticks - 90 ? Strike() : 0);
            }
            return _hurtBlocks.Count;
        }

        private void Step(int tick, double demand)
        {
            var slice = SurplusSlice.Of(Capacity, demand, wall, _fleet.MarginFirm, _fleet.MarginSpot);
            var refusal = Admission.Admits(LeaseTier.Firm, int.MaxValue, longTerm: false, slice, _book);
            if (refusal is { FittingGpus: > 0 and var gpus })
            {
                _leases.Enqueue((tick, gpus));
                _newest = tick;
                _book = _book with { ActiveFirm = Sold + gpus };
            }
            var free = SurplusSlice.Free(demand, Capacity, wall);
            if (Sold > free + 0.001)
            {
                // What is leased now was within the slice of the tick at which the newest lease was booked.
                _hurtBlocks.Add(_newest / RiskBlock.Ticks);
            }
            _fleet.Advance(OneFleet.Origin + tick, free, Capacity);
        }

        private int Sold => _book.ActiveFirm;

        private double Strike()
        {
            // What the enforced wall always leaves cannot be hurt.
            var isStriking = Sold > (1 - wall) * Capacity && random.Next(5) == 0;
            return isStriking ? Capacity - Sold + 1 : random.Next(3) * random.Next(10);
        }
    }
}
