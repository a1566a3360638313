using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class RefusalsContract : PortContract<IRefusals>
{
    [Fact]
    public async Task Fleet_without_refusals_has_a_count_of_zero()
    {
        await using var store = await CreateAsync();
        await store.Open().AddAsync([], Example.Noon, Stop);

        var summary = await store.Open().ReadAsync("fleet-a", Stop);

        summary.Count.ShouldBe(0);
        summary.Latest.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refusals_come_back_whole_the_latest_first()
    {
        await using var store = await CreateAsync();
        var refusals = Enumerable
            .Range(0, 3)
            .Select(position => new SampleRefusal(
                position,
                "f",
                "watts",
                $"{Example.Unicode}{position}",
                Example.Unicode
            ))
            .ToArray();
        await store.Open().AddAsync(refusals[..2], Example.Noon, Stop);
        await store.Open().AddAsync(refusals[2..], Example.Noon.AddSeconds(1), Stop);

        var summary = await store.Open().ReadAsync("f", Stop);

        summary.Count.ShouldBe(3);
        summary.Latest.ShouldBe(refusals.Reverse());
    }

    [Fact]
    public async Task Call_that_comes_late_lists_by_its_time()
    {
        await using var store = await CreateAsync();
        var refusals = store.Open();
        await refusals.AddAsync([Example.Refusal("f", 1)], Example.Noon.AddSeconds(1), Stop);
        await refusals.AddAsync([Example.Refusal("f", 3)], Example.Noon.AddSeconds(3), Stop);

        await refusals.AddAsync([Example.Refusal("f", 2)], Example.Noon.AddSeconds(2), Stop);

        (await refusals.ReadAsync("f", Stop)).Latest.Select(refusal => refusal.Position).ShouldBe([3, 2, 1]);
    }

    [Fact]
    public async Task All_are_counted_and_the_latest_hundred_kept()
    {
        await using var store = await CreateAsync();
        var refusals = store.Open();
        await refusals.AddAsync([.. Numbered(0, 250)], Example.Noon, Stop);
        await refusals.AddAsync([.. Numbered(250, 3)], Example.Noon.AddSeconds(1), Stop);

        var summary = await store.Open().ReadAsync("f", Stop);

        summary.Count.ShouldBe(253);
        summary.Latest.Select(refusal => refusal.Position).ShouldBe(Enumerable.Range(153, 100).Reverse());
    }

    [Fact]
    public async Task Refusals_are_counted_by_whatever_name_the_sample_gave()
    {
        await using var store = await CreateAsync();
        var refusals = store.Open();
        string[] names = ["", "fleet", "Fleet", "a/b\\c#d?e", Example.Unicode, "a\tb\u0001", new('x', 63)];
        var many = names.SelectMany((name, index) => Enumerable.Repeat(Example.Refusal(name, index), index + 1));

        await refusals.AddAsync([.. many], Example.Noon, Stop);

        for (var index = 0; index < names.Length; index++)
        {
            var summary = await store.Open().ReadAsync(names[index], Stop);
            summary.Count.ShouldBe(index + 1, names[index]);
            summary.Latest.ShouldAllBe(refusal => refusal.Fleet == names[index] && refusal.Position == index);
        }
        (await refusals.ReadAsync("FLEET", Stop)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task Refusals_of_many_writers_are_all_counted()
    {
        await using var store = await CreateAsync();

        await AtOnceAsync(async writer =>
        {
            await store.Open().AddAsync([.. Numbered(writer * 5, 5)], Example.Noon, Stop);
            return true;
        });

        var summary = await store.Open().ReadAsync("f", Stop);
        summary.Count.ShouldBe(Writers * 5);
        summary.Latest.Select(refusal => refusal.Position).Order().ShouldBe(Enumerable.Range(0, Writers * 5));
    }

    private static IEnumerable<SampleRefusal> Numbered(int from, int count) =>
        Enumerable.Range(from, count).Select(position => Example.Refusal("f", position));
}
