using System.Reflection;
using DynamicSurplus.Functions.Tests.Settings;
using Microsoft.Azure.Functions.Worker;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Routes;

/// <summary>What triggers are bound to is what settings and infrastructure name.</summary>
public sealed class BindingTests
{
    [Fact]
    public void Schedules_are_settings_that_the_example_has()
    {
        var schedules = Attributes<TimerTriggerAttribute>().Select(bound => bound.Attribute.Schedule).ToArray();

        schedules.Length.ShouldBeGreaterThan(2);
        schedules.ShouldAllBe(schedule => ExampleSettings.Values().ContainsKey(schedule.Trim('%')));
        schedules.ShouldAllBe(schedule => schedule.StartsWith('%') && schedule.EndsWith('%'));
    }

    [Fact]
    public void Queues_are_those_of_the_products_account()
    {
        Attributes<QueueTriggerAttribute>()
            .Select(bound => (bound.Function, bound.Attribute.QueueName, bound.Attribute.Connection))
            .ShouldBe(
                [
                    ("PriceShard", "pricing", "SurplusStorage"),
                    ("IngestTelemetryFromStorageQueue", "telemetry", "SurplusStorage"),
                ],
                ignoreOrder: true
            );
        var orders = Method("PricingCycle").GetCustomAttribute<QueueOutputAttribute>();
        orders.ShouldNotBeNull();
        (orders.QueueName, orders.Connection).ShouldBe(("pricing", "SurplusStorage"));
    }

    [Fact]
    public void Service_Bus_messages_come_by_session_in_batches_and_are_settled_by_the_app()
    {
        var (function, telemetry) = Attributes<ServiceBusTriggerAttribute>().ShouldHaveSingleItem();

        (function, telemetry.QueueName, telemetry.Connection).ShouldBe(("IngestTelemetry", "telemetry", "ServiceBus"));
        (telemetry.IsSessionsEnabled, telemetry.IsBatched, telemetry.AutoCompleteMessages).ShouldBe(
            (true, true, false)
        );
    }

    [Fact]
    public void Pricing_is_tried_again_within_its_tick()
    {
        var retry = Method("PricingCycle")
            .CustomAttributes.Single(attribute => attribute.AttributeType == typeof(FixedDelayRetryAttribute));

        var (times, delay) = ((int)retry.ConstructorArguments[0].Value!, retry.ConstructorArguments[1].Value as string);
        (times * TimeSpan.Parse(delay!)).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    private static MethodInfo Method(string function) =>
        FunctionTable.All.Single(known => known.Name == function).Method;

    private static IEnumerable<(string Function, T Attribute)> Attributes<T>()
        where T : Attribute =>
        from function in FunctionTable.All
        from parameter in function.Method.GetParameters()
        from attribute in parameter.GetCustomAttributes<T>()
        select (function.Name, attribute);
}
