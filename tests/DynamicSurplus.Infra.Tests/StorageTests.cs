using System.Reflection;
using DynamicSurplus.Cloud;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Infra.Tests;

/// <summary>The deployed tables, containers and queues are those that the adapters open.</summary>
public sealed class StorageTests
{
    /// <summary>Bound by the host to the function that prices one shard; no adapter opens them.</summary>
    private static readonly string[] HostQueues = ["pricing", "pricing-poison"];

    public static TheoryData<string> Environments => [.. Installation.Environments];

    [Theory]
    [MemberData(nameof(Environments))]
    public void Tables_are_those_of_the_adapters(string environment) =>
        Installation
            .Of(environment)
            .NamesOfType("Microsoft.Storage/storageAccounts/tableServices/tables", "stdata")
            .ShouldBe(NamesOf("TableNames"));

    [Theory]
    [MemberData(nameof(Environments))]
    public void Containers_are_those_of_the_adapters(string environment) =>
        Installation
            .Of(environment)
            .NamesOfType("Microsoft.Storage/storageAccounts/blobServices/containers", "stdata")
            .ShouldBe(NamesOf("ContainerNames"));

    [Theory]
    [MemberData(nameof(Environments))]
    public void Queues_are_those_of_the_adapters_and_the_triggers(string environment) =>
        Installation
            .Of(environment)
            .NamesOfType("Microsoft.Storage/storageAccounts/queueServices/queues", "stdata")
            .ShouldBe(NamesOf("QueueNames").Union(HostQueues, StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static IOrderedEnumerable<string> NamesOf(string field) =>
        (
            (string[])
                typeof(StorageClients).GetField(field, BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!
        ).Order(StringComparer.Ordinal);
}
