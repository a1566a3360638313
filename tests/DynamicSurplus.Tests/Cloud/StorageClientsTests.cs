using Azure;
using DynamicSurplus.Cloud;
using DynamicSurplus.Cloud.Tables;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Tests.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Cloud;

public sealed class StorageClientsTests(AzuriteFixture azurite)
{
    /// <summary>Ports to the world outside, which hosts fill as they are.</summary>
    private static readonly Type[] NotOfStorage =
    [
        typeof(IProvisioner),
        typeof(IEventPublisher),
        typeof(IReclaimWaves),
        typeof(ITelemetrySource),
    ];

    private const string Secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQ=";
    private const string Account = $"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={Secret}";
    private const string Signed =
        "BlobEndpoint=https://acme.blob.core.windows.net;QueueEndpoint=https://acme.queue.core.windows.net;"
        + $"TableEndpoint=https://acme.table.core.windows.net;SharedAccessSignature=sv=2024-01-01&sig={Secret}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Account)]
    [InlineData(Signed)]
    public void Text_names_the_account_and_no_secret(string connectionString)
    {
        var text = StorageClients.From(connectionString, "test").ToString();

        text.ShouldBe("test of acme");
        text.ShouldNotContain(Secret);
    }

    [Fact]
    public void Broken_connection_string_is_refused_without_being_repeated()
    {
        var refusal = Should.Throw<FormatException>(() => StorageClients.From($"AccountName=acme;Key {Secret}"));

        refusal.ToString().ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData("1a")]
    [InlineData("A")]
    [InlineData("a-b")]
    [InlineData("ä")]
    [InlineData("a2345678901234567890123456789012345678901")]
    public void Prefix_that_a_table_or_queue_cannot_have_is_refused(string prefix) =>
        Should.Throw<FormatException>(() => StorageClients.From(Account, prefix)).Message.ShouldContain(prefix);

    [Theory]
    [InlineData(null, "telemetry")]
    [InlineData("", "telemetry")]
    [InlineData("blue", "blue-telemetry")]
    public void Telemetry_queue_has_the_prefix(string? prefix, string name) =>
        StorageClients.From(Account, prefix).TelemetryQueueName.ShouldBe(name);

    [Fact]
    public async Task What_is_there_already_is_left_as_it_is()
    {
        var clients = await azurite.StorageAsync();
        await new TableWakeups(clients).ScheduleAsync(new(Example.Lease(1), Example.FleetA, Example.Noon), Stop);

        await clients.EnsureCreatedAsync(Stop);

        (await new TableWakeups(clients).DueAsync(Example.Noon, 1, Stop)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Missing_table_is_an_error_and_no_conflict()
    {
        var clients = StorageClients.From(await azurite.ConnectionStringAsync(), AzuriteFixture.UniqueName());
        var books = new TableCapacityBooks(clients);

        await Should.ThrowAsync<RequestFailedException>(() =>
            books.TryCommitAsync(new(Example.FleetA), Example.Reservation(Example.FleetA, 1), null, Stop)
        );
    }

    [Fact]
    public async Task Call_that_fails_is_tried_four_times_and_then_given_up()
    {
        var transport = new FaultyTransport();
        transport.LoseRequest(_ => true, 100);
        var books = new TableCapacityBooks(StorageClients.From(Account, transport: transport));

        await Should.ThrowAsync<Exception>(() => books.ReadAsync(Example.FleetA, Stop));

        transport.Sent.ShouldBe(4);
    }

    [Fact]
    public void Every_port_of_the_storage_has_its_adapter()
    {
        var ports = typeof(IFleetDirectory)
            .Assembly.GetExportedTypes()
            .Where(type => type.IsInterface && type.Namespace == typeof(IFleetDirectory).Namespace)
            .Except(NotOfStorage);
        using var provider = new ServiceCollection()
            .AddSingleton(new EngineOptions())
            .AddAzureStorage(StorageClients.From(Account))
            .BuildServiceProvider();

        foreach (var port in ports)
        {
            provider
                .GetService(port)
                .ShouldNotBeNull(port.Name)
                .GetType()
                .Assembly.ShouldBe(typeof(CloudServices).Assembly);
        }
    }
}
