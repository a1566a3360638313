using CsCheck;
using DynamicSurplus.Leasing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class RescindSelectionTests
{
    private static readonly Gen<(ReclaimCandidate[] InNotice, int Need)> Wave = Gen.Select(
        Gen.Select(Gen.Int[1, 16], Gen.Double[0, 100]).Select((gpus, loss) => new ReclaimCandidate(gpus, loss)).Array[
            0,
            12
        ],
        Gen.Int[0, 120]
    );

    [Fact]
    public void What_is_left_in_notice_covers_the_need_and_nothing_more_could_be_withdrawn() =>
        Wave.Sample(
            wave =>
            {
                var withdrawn = RescindSelection.Select(wave.InNotice, wave.Need);
                var left = wave.InNotice.Where((_, index) => !withdrawn.Contains(index)).ToArray();
                var spare = left.Sum(candidate => candidate.Gpus) - wave.Need;

                (withdrawn.Length == 0 || spare >= 0).ShouldBeTrue();
                left.ShouldAllBe(candidate => candidate.Gpus > spare);
                withdrawn.ShouldBe(withdrawn.Order());
            },
            iter: 2_000
        );

    [Fact]
    public void Who_would_lose_most_goes_on_first()
    {
        ReclaimCandidate[] inNotice = [new(4, 1), new(4, 9), new(4, 5)];

        RescindSelection.Select(inNotice, need: 8).ShouldBe([1]);
        RescindSelection.Select(inNotice, need: 4).ShouldBe([1, 2]);
        RescindSelection.Select(inNotice, need: 0).ShouldBe([0, 1, 2]);
    }
}
