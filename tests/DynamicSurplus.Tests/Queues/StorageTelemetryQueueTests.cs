using System.Text;
using Azure.Storage.Queues;
using DynamicSurplus.Cloud.Queues;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Queues;

/// <summary>What others put into the queues, with a client of their own.</summary>
public sealed class StorageTelemetryQueueTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_that_a_client_sent_as_base64_is_its_bytes()
    {
        var (queue, raw, _) = await CreateAsync();
        await raw.SendMessageAsync(Convert.ToBase64String("[{\"fleet\":\"ü\"}]"u8), Stop);

        (await ReceiveTextAsync(queue)).ShouldBe("[{\"fleet\":\"ü\"}]");
    }

    [Fact]
    public async Task Message_that_was_typed_in_by_hand_is_its_text()
    {
        var (queue, raw, _) = await CreateAsync();
        await raw.SendMessageAsync("[{\"fleet\":\"ü\"}]", Stop);

        (await ReceiveTextAsync(queue)).ShouldBe("[{\"fleet\":\"ü\"}]");
    }

    [Fact]
    public async Task Poison_that_a_hosts_own_trigger_moved_shows_its_body()
    {
        var (queue, _, poison) = await CreateAsync();
        await poison.SendMessageAsync(Convert.ToBase64String("[1"u8), Stop);
        await poison.SendMessageAsync(Convert.ToBase64String([0xD5, 0x50, 0xFF, 0xFF, 1]), Stop);

        var peeked = await queue.PeekPoisonAsync(Stop);

        peeked.Select(one => one.Body.ToArray()).ShouldBe(["[1"u8.ToArray(), [0xD5, 0x50, 0xFF, 0xFF, 1]]);
        peeked.ShouldAllBe(one => one.Reason.Contains($"{QueueLimits.MaxDeliveries} deliveries"));
    }

    [Fact]
    public async Task Sent_message_is_base64_so_that_any_trigger_reads_it()
    {
        var (queue, raw, _) = await CreateAsync();
        await queue.SendAsync(Example.Bytes(100), Stop);

        var peeked = await raw.PeekMessageAsync(Stop);

        Convert.FromBase64String(peeked.Value.Body.ToString()).ShouldBe(Example.Bytes(100));
    }

    private static async Task<string> ReceiveTextAsync(StorageTelemetryQueue queue)
    {
        var message = (await queue.ReceiveAsync(32, Long, Stop)).ShouldHaveSingleItem();
        return Encoding.UTF8.GetString(message.Body.Span);
    }

    private async Task<(StorageTelemetryQueue Queue, QueueClient Raw, QueueClient Poison)> CreateAsync()
    {
        var connection = await azurite.ConnectionStringAsync();
        var clients = await azurite.StorageAsync();
        var name = clients.TelemetryQueueName;
        return (new(clients), new(connection, name), new(connection, $"{name}-poison"));
    }
}
