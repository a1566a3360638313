using CsCheck;
using DynamicSurplus.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Telemetry;

public sealed class SampleColumnsTests
{
    [Fact]
    public void A_batch_gives_back_what_was_added_also_when_reused()
    {
        var batch = new SampleColumns();

        SampleGen
            .Any.Array[0, 600]
            .Sample(
                samples =>
                {
                    batch.Clear();
                    foreach (var sample in samples)
                    {
                        batch.Add(sample);
                    }

                    Enumerable.Range(0, batch.Count).Select(row => batch[row]).ShouldBe(samples);
                    batch.Fleets.ShouldBe(samples.Select(sample => sample.Fleet).Distinct());
                },
                threads: 1,
                iter: 50
            );
    }

    [Fact]
    public void A_time_is_cut_to_whole_milliseconds()
    {
        var batch = new SampleColumns();

        batch.Add(new(default, SampleGen.Noon.AddTicks(9_999), 1, 1, 1));

        batch[0].At.ShouldBe(SampleGen.Noon);
    }

    [Fact]
    public void A_reference_to_no_fleet_is_refused()
    {
        var batch = new SampleColumns();
        batch.Add(new(default, SampleGen.Noon, 1, 1, 1));

        Should.Throw<ArgumentOutOfRangeException>(() => batch.Add(1, 0, 1, 1, 1, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => batch.Add(-1, 0, 1, 1, 1, 0));

        batch.Count.ShouldBe(1);
    }
}
