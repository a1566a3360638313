using CsCheck;
using DynamicSurplus.Leasing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class ReclaimSelectionTests
{
    private static readonly Gen<ReclaimCandidate> Candidate = Gen.Select(
        Gen.Int[1, 16],
        Gen.OneOf(Gen.Double[0.1, 40], Gen.Int[0, 6].Select(loss => (double)loss)),
        Gen.Bool,
        Gen.Int[0, 16],
        (gpus, loss, isSheltered, minGpus) => new ReclaimCandidate(gpus, loss, isSheltered, Math.Min(gpus, minGpus))
    );

    private static readonly Gen<(ReclaimCandidate[] Candidates, int Need)> Wave = Candidate
        .Array[1, 10]
        .SelectMany(candidates =>
            Gen.Int[1, Math.Max(1, candidates.Sum(c => c.Gpus))].Select(need => (candidates, need))
        );

    [Fact]
    public void Whole_is_that_of_the_reference_models_example()
    {
        ReclaimCandidate[] candidates = [new(8, 13.2), new(4, 4.4), new(2, 3.9), new(8, 9.6), new(1, 0.7), new(4, 8.8)];

        ReclaimSelection.Whole(candidates, 11).ShouldBe([1, 3]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Nothing_is_chosen_where_nothing_is_needed(int need)
    {
        ReclaimCandidate[] candidates = [new(8, 1)];

        ReclaimSelection.Whole(candidates, need).ShouldBeEmpty();
        ReclaimSelection.Partial(candidates, need).ShouldBeEmpty();
        ReclaimSelection.Select(candidates, need).ShouldBeEmpty();
    }

    [Fact]
    public void All_are_chosen_where_they_do_not_suffice()
    {
        ReclaimCandidate[] candidates = [new(8, 3, IsSheltered: true), new(2, 9, MinGpus: 1)];

        ReclaimSelection.Whole(candidates, 11).ShouldBe([0, 1]);
        ReclaimSelection.Select(candidates, 11).ShouldBe([new(0, 8), new(1, 2)]);
        ReclaimSelection.Partial(candidates, 11).ShouldBe([new(0, 8), new(1, 2)]);
    }

    [Fact]
    public void Ties_go_to_the_earlier_candidate()
    {
        ReclaimCandidate[] candidates = [new(4, 2), new(4, 2), new(4, 2)];

        ReclaimSelection.Whole(candidates, 4).ShouldBe([0]);
        ReclaimSelection.Whole(candidates, 5).ShouldBe([0, 1]);
    }

    [Fact]
    public void Whole_covers_the_need_at_no_more_than_twice_the_least_loss_and_holds_nothing_superfluous()
    {
        Wave.Sample(
            wave =>
            {
                var (candidates, need) = wave;

                var chosen = ReclaimSelection.Whole(candidates, need);

                chosen.ShouldBeInOrder();
                var gpus = chosen.Sum(i => candidates[i].Gpus);
                gpus.ShouldBeGreaterThanOrEqualTo(need);
                chosen.All(i => gpus - candidates[i].Gpus < need).ShouldBeTrue();
                chosen.Sum(i => candidates[i].Loss).ShouldBeLessThanOrEqualTo((2 * LeastLoss(candidates, need)) + 1e-9);
            },
            iter: 3000
        );
    }

    [Fact]
    public void Partial_meets_the_need_is_never_dearer_than_whole_and_leaves_each_minimum()
    {
        Wave.Sample(
            wave =>
            {
                var (candidates, need) = wave;

                var parts = ReclaimSelection.Partial(candidates, need);

                parts.Sum(part => part.Gpus).ShouldBeGreaterThanOrEqualTo(need);
                var inPart = parts.Where(part => part.Gpus < candidates[part.Index].Gpus).ToArray();
                inPart.Length.ShouldBeLessThanOrEqualTo(1);
                foreach (var part in inPart)
                {
                    var candidate = candidates[part.Index];
                    candidate.MinGpus.ShouldBeGreaterThan(0);
                    (candidate.Gpus - part.Gpus).ShouldBeGreaterThanOrEqualTo(candidate.MinGpus);
                    parts.Sum(p => p.Gpus).ShouldBe(need);
                }
                parts
                    .Sum(part => candidates[part.Index].Loss * part.Gpus / candidates[part.Index].Gpus)
                    .ShouldBeLessThanOrEqualTo(
                        ReclaimSelection.Whole(candidates, need).Sum(i => candidates[i].Loss) + 1e-9
                    );
            },
            iter: 3000
        );
    }

    [Fact]
    public void Partial_takes_whole_leases_by_loss_per_gpu_and_the_last_in_part()
    {
        ReclaimCandidate[] candidates = [new(8, 16, MinGpus: 2), new(4, 2, MinGpus: 1), new(8, 8, MinGpus: 4)];

        ReclaimSelection.Partial(candidates, 7).ShouldBe([new(1, 4), new(2, 3)]);
    }

    [Fact]
    public void Partial_takes_a_lease_whole_where_its_minimum_does_not_allow_the_part()
    {
        ReclaimCandidate[] candidates = [new(8, 8, MinGpus: 6), new(8, 80, MinGpus: 1)];

        ReclaimSelection.Partial(candidates, 3).ShouldBe([new(0, 8)]);
    }

    [Fact]
    public void Sheltered_leases_are_chosen_only_where_all_others_do_not_suffice()
    {
        Wave.Sample(
            wave =>
            {
                var (candidates, need) = wave;
                var open = Enumerable.Range(0, candidates.Length).Where(i => !candidates[i].IsSheltered).ToArray();
                var sheltered = Enumerable.Range(0, candidates.Length).Except(open).ToArray();
                var left = need - open.Sum(i => candidates[i].Gpus);

                var chosen = ReclaimSelection.Select(candidates, need);

                chosen.ShouldBe(
                    left <= 0
                        ? Among(open, need)
                        : open.Select(i => new ReclaimPart(i, candidates[i].Gpus))
                            .Concat(Among(sheltered, left))
                            .OrderBy(part => part.Index)
                );

                IEnumerable<ReclaimPart> Among(int[] group, int needed) =>
                    ReclaimSelection
                        .Partial([.. group.Select(i => candidates[i])], needed)
                        .Select(part => part with { Index = group[part.Index] });
            },
            iter: 2000
        );
    }

    [Fact]
    public void Sheltered_lease_is_passed_over_though_it_is_cheaper()
    {
        ReclaimCandidate[] candidates = [new(8, 1, IsSheltered: true), new(8, 40), new(4, 30)];

        ReclaimSelection.Select(candidates, 8).ShouldBe([new(1, 8)]);
        ReclaimSelection.Select(candidates, 13).Select(part => part.Index).ShouldBe([0, 1, 2]);
    }

    /// <summary>Over all sets of whole leases, by the GPUs still to cover.</summary>
    private static double LeastLoss(ReclaimCandidate[] candidates, int need)
    {
        var least = Enumerable.Repeat(double.PositiveInfinity, need + 1).ToArray();
        least[0] = 0;
        foreach (var candidate in candidates)
        {
            for (var gpus = need; gpus > 0; gpus--)
            {
                least[gpus] = Math.Min(least[gpus], least[Math.Max(0, gpus - candidate.Gpus)] + candidate.Loss);
            }
        }
        return least[need];
    }
}
