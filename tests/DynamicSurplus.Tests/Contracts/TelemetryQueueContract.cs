using DynamicSurplus.Engine.Ports;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class TelemetryQueueContract : PortContract<ITelemetryQueue>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(QueueLimits.MaxBodyBytes)]
    public async Task Message_arrives_as_it_was_sent(int length)
    {
        await using var store = await CreateAsync();
        await store.Open().SendAsync(Example.Bytes(length), Stop);

        var message = (await store.Open().ReceiveAsync(32, Long, Stop)).ShouldHaveSingleItem();

        message.Body.ToArray().ShouldBe(Example.Bytes(length));
        message.DequeueCount.ShouldBe(1);
    }

    [Fact]
    public async Task Message_above_the_limit_is_refused()
    {
        await using var store = await CreateAsync();
        var queue = store.Open();

        await Should.ThrowAsync<ArgumentException>(() =>
            queue.SendAsync(Example.Bytes(QueueLimits.MaxBodyBytes + 1), Stop)
        );

        (await queue.ReceiveAsync(32, Long, Stop)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(33, 1)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    [InlineData(1, (7 * 86_400) + 1)]
    public async Task Receipt_out_of_range_is_refused(int most, int seconds)
    {
        await using var store = await CreateAsync();
        var queue = store.Open();

        await Should.ThrowAsync<ArgumentOutOfRangeException>(() =>
            queue.ReceiveAsync(most, TimeSpan.FromSeconds(seconds), Stop)
        );
    }

    [Fact]
    public async Task Messages_arrive_once_each_and_no_more_at_a_time_than_asked()
    {
        await using var store = await CreateAsync();
        var queue = store.Open();
        var sent = Enumerable.Range(0, 40).Select(number => (byte)number).ToArray();
        await Task.WhenAll(sent.Select(number => queue.SendAsync(new[] { number }, Stop)));

        var received = new List<byte>();
        foreach (var most in (int[])[3, 32, 32])
        {
            var messages = await queue.ReceiveAsync(most, Long, Stop);
            messages.Count.ShouldBe(Math.Min(most, sent.Length - received.Count));
            received.AddRange(messages.Select(message => message.Body.Span[0]));
        }

        received.ShouldBe(sent, ignoreOrder: true);
    }

    [Fact]
    public async Task Received_message_is_hidden_for_its_visibility_rounded_up_to_seconds()
    {
        await using var store = await CreateAsync();
        var queue = store.Open();
        await queue.SendAsync(Example.Bytes(5), Stop);

        await queue.ReceiveAsync(1, TimeSpan.FromSeconds(1.1), Stop);
        (await queue.ReceiveAsync(1, Second, Stop)).ShouldBeEmpty();
        await store.PassAsync(TimeSpan.FromSeconds(1.4));
        (await store.Open().ReceiveAsync(1, Second, Stop)).ShouldBeEmpty();
        await store.PassAsync(TimeSpan.FromSeconds(0.8));

        (await queue.ReceiveAsync(1, Second, Stop)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Message_that_nobody_finished_comes_again_and_its_old_receipt_is_stale()
    {
        await using var store = await CreateAsync();
        var queue = store.Open();
        await queue.SendAsync(Example.Bytes(5), Stop);
        var first = (await queue.ReceiveAsync(1, Second, Stop)).ShouldHaveSingleItem();
        await store.PassAsync(Second * 1.2);

        var second = (await store.Open().ReceiveAsync(1, Long, Stop)).ShouldHaveSingleItem();

        second.Id.ShouldBe(first.Id);
        second.DequeueCount.ShouldBe(2);
        second.Body.ToArray().ShouldBe(first.Body.ToArray());
        (await queue.CompleteAsync(first, Stop)).ShouldBeFalse();
        (await queue.CompleteAsync(second, Stop)).ShouldBeTrue();
    }

    [Fact]
    public async Task Late_receipt_is_good_while_nobody_else_has_the_message()
    {
        await using var store = await CreateAsync();
        var queue = store.Open();
        await queue.SendAsync(Example.Bytes(5), Stop);
        var message = (await queue.ReceiveAsync(1, Second, Stop)).ShouldHaveSingleItem();
        await store.PassAsync(Second * 1.2);

        (await queue.CompleteAsync(message, Stop)).ShouldBeTrue();

        (await queue.ReceiveAsync(1, Second, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Completed_message_does_not_come_again()
    {
        await using var store = await CreateAsync();
        var queue = store.Open();
        await queue.SendAsync(Example.Bytes(5), Stop);
        var message = (await queue.ReceiveAsync(1, Second, Stop)).ShouldHaveSingleItem();

        (await store.Open().CompleteAsync(message, Stop)).ShouldBeTrue();
        (await queue.CompleteAsync(message, Stop)).ShouldBeFalse();
        await store.PassAsync(Second * 1.2);

        (await queue.ReceiveAsync(1, Second, Stop)).ShouldBeEmpty();
        (await queue.PeekPoisonAsync(Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Poisoned_body_waits_with_its_reason()
    {
        await using var store = await CreateAsync();
        var queue = store.Open();
        await queue.SendAsync(Example.Bytes(300), Stop);
        var message = (await queue.ReceiveAsync(1, Second, Stop)).ShouldHaveSingleItem();

        await queue.PoisonAsync(message.Body, Example.Unicode, Stop);
        (await queue.CompleteAsync(message, Stop)).ShouldBeTrue();
        await store.PassAsync(Second * 1.2);

        (await queue.ReceiveAsync(1, Second, Stop)).ShouldBeEmpty();
        var poison = (await store.Open().PeekPoisonAsync(Stop)).ShouldHaveSingleItem();
        poison.Reason.ShouldBe(Example.Unicode);
        poison.Body.ToArray().ShouldBe(Example.Bytes(300));
    }

    [Fact]
    public async Task Poison_is_cut_to_what_a_message_holds()
    {
        await using var store = await CreateAsync();
        var queue = store.Open();
        var body = Example.Bytes(QueueLimits.MaxBodyBytes);
        var reason = string.Concat(Enumerable.Repeat("東京🛰", 500));

        await queue.PoisonAsync(body, reason, Stop);

        var poison = (await queue.PeekPoisonAsync(Stop)).ShouldHaveSingleItem();
        var expected = PoisonMessage.Fit(reason, body);
        poison.Reason.ShouldBe(expected.Reason);
        poison.Body.ToArray().ShouldBe(expected.Body.ToArray());
    }

    [Fact]
    public async Task Poison_is_peeked_oldest_first_and_stays()
    {
        await using var store = await CreateAsync();
        var queue = store.Open();
        for (byte number = 0; number < 35; number++)
        {
            await queue.PoisonAsync(new[] { number }, "bad", Stop);
        }

        var oldest = Enumerable.Range(0, 32).Select(number => (byte)number);
        (await queue.PeekPoisonAsync(Stop)).Select(poison => poison.Body.Span[0]).ShouldBe(oldest);
        (await queue.PeekPoisonAsync(Stop)).Select(poison => poison.Body.Span[0]).ShouldBe(oldest);
    }

    [Fact]
    public async Task Many_receivers_share_the_messages_out()
    {
        await using var store = await CreateAsync();
        var queue = store.Open();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(number => queue.SendAsync(new[] { (byte)number }, Stop)));

        var received = await AtOnceAsync(async _ =>
        {
            var mine = new List<byte>();
            var receiver = store.Open();
            while (await receiver.ReceiveAsync(3, Long, Stop) is { Count: > 0 } messages)
            {
                mine.AddRange(messages.Select(message => message.Body.Span[0]));
            }
            return mine;
        });

        received
            .SelectMany(mine => mine)
            .ShouldBe(Enumerable.Range(0, 64).Select(number => (byte)number), ignoreOrder: true);
    }

    [Fact]
    public async Task Stored_bytes_are_nobodys_but_the_queues()
    {
        await using var store = await CreateAsync();
        var queue = store.Open();
        var body = Example.Bytes(64);
        await queue.SendAsync(body, Stop);
        Scribble(body);
        Scribble((await queue.ReceiveAsync(1, Second, Stop)).ShouldHaveSingleItem().Body);
        await store.PassAsync(Second * 1.2);

        var again = (await queue.ReceiveAsync(1, Second, Stop)).ShouldHaveSingleItem();
        again.Body.ToArray().ShouldBe(Example.Bytes(64));
        await queue.PoisonAsync(again.Body, "bad", Stop);
        Scribble(again.Body);
        Scribble((await queue.PeekPoisonAsync(Stop))[0].Body);

        (await queue.PeekPoisonAsync(Stop))[0].Body.ToArray().ShouldBe(Example.Bytes(64));
    }
}
