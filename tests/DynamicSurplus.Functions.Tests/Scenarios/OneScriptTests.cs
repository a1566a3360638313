using System.Text;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Scenarios;

/// <summary>Drivers of leases only wait and relay: one script, one journal, byte for byte.</summary>
public sealed class OneScriptTests
{
    [Fact]
    public async Task All_drivers_write_the_same_journals()
    {
        var simulated = await RunAsync(new VirtualDriver());
        var local = await RunAsync(new RunnerDriver());
        var durable = await RunAsync(new OrchestrationDriver());

        for (var line = 0; line < simulated.Count; line++)
        {
            local.ElementAtOrDefault(line).ShouldBe(simulated[line]);
            durable.ElementAtOrDefault(line).ShouldBe(simulated[line]);
        }
        (local.Count, durable.Count).ShouldBe((simulated.Count, simulated.Count));
    }

    [Fact]
    public async Task Script_meets_every_event_and_every_end()
    {
        await using var driver = new VirtualDriver();
        await PlayAsync(driver);
        var events = new List<LeaseEvent>();
        foreach (var lease in Leases)
        {
            events.AddRange((await driver.JournalAsync(lease)).Select(envelope => envelope.Event));
        }

        var kinds = typeof(LeaseEvent).GetNestedTypes().Where(kind => kind.IsSubclassOf(typeof(LeaseEvent)));
        events.Select(happened => happened.GetType()).Distinct().ShouldBe(kinds, ignoreOrder: true);
        events
            .OfType<LeaseEvent.Ended>()
            .Select(ended => ended.Reason)
            .Distinct()
            .ShouldBe(Enum.GetValues<EndReason>().Except([EndReason.NotGranted]), ignoreOrder: true);
    }

    private static IReadOnlyList<LeaseId> Leases => [.. LeaseScript.Steps.Select(step => step.Lease).Distinct()];

    private static async Task<IReadOnlyList<string>> RunAsync(ILeaseDriver driver)
    {
        await using (driver)
        {
            await PlayAsync(driver);
            var lines = new List<string>();
            foreach (var lease in Leases)
            {
                foreach (var envelope in await driver.JournalAsync(lease))
                {
                    lines.Add(Encoding.UTF8.GetString(LeaseEventJson.Write(envelope).Span));
                }
            }
            return lines;
        }
    }

    private static async Task PlayAsync(ILeaseDriver driver)
    {
        await driver.StartAsync();
        foreach (var step in LeaseScript.Steps.OrderBy(step => step.At))
        {
            await driver.AdvanceAsync(step.At);
            await driver.CommandAsync(step.Lease, step.Command);
        }
        await driver.AdvanceAsync(LeaseScript.Start + LeaseScript.Length);
    }
}
