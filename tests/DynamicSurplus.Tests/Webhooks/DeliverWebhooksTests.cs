using System.Text;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Webhooks;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Webhooks;

public sealed class DeliverWebhooksTests
{
    private readonly WebhookWorld _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_after_the_registration_are_sent_in_order_once()
    {
        await _world.PublishAsync(2);
        var webhook = await _world.CreateAsync();
        await _world.PublishAsync(250);

        while (await _world.Process().RunAsync(Stop) > 0) { }
        await _world.PublishAsync(1);
        (await _world.Process().RunAsync(Stop)).ShouldBe(1);

        _world.Receiver.Numbers.ShouldBe(Enumerable.Range(3, 251));
        (await _world.ProgressAsync(webhook)).Cursor.ShouldBe(253);
    }

    [Fact]
    public async Task Types_that_are_not_wanted_are_passed_over()
    {
        var webhook = await _world.CreateAsync("even");
        await _world.PublishAsync(5);

        (await _world.Process().RunAsync(Stop)).ShouldBe(2);

        _world.Receiver.Numbers.ShouldBe([2, 4]);
        (await _world.ProgressAsync(webhook)).Cursor.ShouldBe(5);
    }

    [Fact]
    public async Task Another_tenants_events_are_not_sent()
    {
        await _world.CreateAsync();
        await _world.PublishAsync(1, TenantId.Parse("globex"));
        await _world.PublishAsync(1);

        await _world.Process().RunAsync(Stop);

        _world.Receiver.Numbers.ShouldBe([2]);
    }

    [Fact]
    public async Task Webhook_at_rest_is_not_written()
    {
        var webhook = await _world.CreateAsync();
        var before = await _world.Webhooks.FindAsync(webhook.Tenant, webhook.Id, Stop);

        await _world.Process().RunAsync(Stop);

        (await _world.Webhooks.FindAsync(webhook.Tenant, webhook.Id, Stop)).ShouldBe(before);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(302)]
    [InlineData(null)]
    public async Task Failed_event_holds_back_those_behind_it_and_is_tried_again(int? status)
    {
        var webhook = await _world.CreateAsync();
        await _world.PublishAsync(3);
        _world.Receiver.Answer = number => number == 2 ? status : 200;

        await _world.Process().RunAsync(Stop);
        _world.Receiver.Numbers.ShouldBe([1, 2]);
        var waiting = await _world.ProgressAsync(webhook);
        (waiting.Cursor, waiting.Failures).ShouldBe((1, 1));
        waiting.LastFailure!.ShouldContain(status is { } code ? $"answered {code}" : "cannot be reached");

        _world.Receiver.Answer = _ => 200;
        _world.Wall.SetUtcNow(waiting.NextTryAt!.Value - TimeSpan.FromMilliseconds(1));
        (await _world.Process().RunAsync(Stop)).ShouldBe(0);
        _world.Wall.Advance(TimeSpan.FromMilliseconds(1));
        (await _world.Process().RunAsync(Stop)).ShouldBe(2);

        _world.Receiver.Numbers.ShouldBe([1, 2, 2, 3]);
        var well = await _world.ProgressAsync(webhook);
        (well.Cursor, well.Failures, well.NextTryAt, well.LastFailure).ShouldBe((3, 0, null, null));
    }

    [Fact]
    public async Task Waits_double_with_each_failure_and_are_at_random_in_their_upper_half()
    {
        var webhook = await _world.CreateAsync();
        await _world.PublishAsync(1);
        _world.Receiver.Answer = _ => 503;

        var waits = await _world.RunToRestAsync(webhook);

        waits.Count.ShouldBe(DeliverWebhooks.MostTries - 1);
        foreach (var (number, wait) in waits.Index())
        {
            var whole = TimeSpan.FromSeconds(5) * Math.Pow(2, number);
            wait.ShouldBeInRange(whole / 2, whole);
        }
        waits.Select((wait, number) => wait / Math.Pow(2, number)).Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData(1, 0, 2.5)]
    [InlineData(1, 1, 5)]
    [InlineData(9, 1, 1_280)]
    [InlineData(11, 1, 3_600)]
    [InlineData(60, 0, 1_800)]
    public void Wait_is_an_hour_at_the_most(int failures, double random, double seconds) =>
        DeliverWebhooks.Delay(failures, random).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public async Task Event_that_fails_ten_times_is_a_dead_letter_and_holds_up_nothing()
    {
        var webhook = await _world.CreateAsync();
        await _world.PublishAsync(3);
        _world.Receiver.Answer = number => number == 2 ? 500 : 200;

        await _world.RunToRestAsync(webhook);

        _world.Receiver.Numbers.ShouldBe([1, .. Enumerable.Repeat(2, 10), 3]);
        var letter = (await _world.Letters.ListAsync(webhook.Tenant, webhook.Id, 0, 10, Stop)).ShouldHaveSingleItem();
        (letter.Sequence, letter.Tries, letter.Failure).ShouldBe((2, 10, "answered 500"));
        Encoding.UTF8.GetString(letter.Entry.Event.Json.Span).ShouldBe("{\"number\":2}");
        (await _world.ProgressAsync(webhook)).Cursor.ShouldBe(3);
    }

    [Fact]
    public async Task Dead_letters_are_replayed_in_order_before_what_is_new()
    {
        var webhook = await _world.CreateAsync();
        await _world.PublishAsync(4);
        _world.Receiver.Answer = number => number is 2 or 4 ? 500 : 200;
        await _world.RunToRestAsync(webhook);
        _world.Receiver.Numbers.Clear();
        _world.Receiver.Answer = _ => 200;
        await _world.PublishAsync(1);

        (await _world.Manage.ReplayAsync(webhook.Tenant, webhook.Id, Stop))!.Progress.ReplayUpTo.ShouldBe(4);
        (await _world.Process().RunAsync(Stop)).ShouldBe(3);

        _world.Receiver.Numbers.ShouldBe([2, 4, 5]);
        (await _world.DeadAsync(webhook)).ShouldBeEmpty();
        (await _world.ProgressAsync(webhook)).ReplayUpTo.ShouldBeNull();
    }

    [Fact]
    public async Task Replay_that_fails_again_keeps_its_letter_and_ends()
    {
        var webhook = await _world.CreateAsync();
        await _world.PublishAsync(2);
        _world.Receiver.Answer = _ => 500;
        await _world.RunToRestAsync(webhook);
        _world.Receiver.Numbers.Clear();

        await _world.Manage.ReplayAsync(webhook.Tenant, webhook.Id, Stop);
        await _world.Process().RunAsync(Stop);
        await _world.Process().RunAsync(Stop);

        _world.Receiver.Numbers.ShouldBe([1]);
        var letters = await _world.Letters.ListAsync(webhook.Tenant, webhook.Id, 0, 10, Stop);
        letters.Select(letter => letter.Tries).ShouldBe([11, 10]);
        (await _world.ProgressAsync(webhook)).ReplayUpTo.ShouldBeNull();
    }

    [Fact]
    public async Task Replay_that_is_asked_for_in_a_turn_is_not_lost()
    {
        var webhook = await _world.CreateAsync();
        await _world.PublishAsync(1);
        _world.Receiver.Answer = _ => 500;
        await _world.RunToRestAsync(webhook);
        await _world.PublishAsync(1);
        _world.Receiver.Numbers.Clear();
        _world.Receiver.Answer = _ => 200;
        _world.Receiver.During = async () =>
        {
            _world.Receiver.During = static () => Task.CompletedTask;
            await _world.Manage.ReplayAsync(webhook.Tenant, webhook.Id, Stop);
        };

        await _world.Process().RunAsync(Stop);
        await _world.Process().RunAsync(Stop);

        _world.Receiver.Numbers.ShouldBe([2, 1]);
        (await _world.DeadAsync(webhook)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Receiver_that_is_gone_is_sent_nothing_until_a_replay_is_asked_for()
    {
        var webhook = await _world.CreateAsync();
        await _world.PublishAsync(2);
        _world.Receiver.Answer = _ => 410;

        await _world.RunToRestAsync(webhook);
        _world.Wall.Advance(TimeSpan.FromDays(1));
        await _world.Process().RunAsync(Stop);
        _world.Receiver.Numbers.ShouldBe([1]);
        (await _world.ProgressAsync(webhook)).DisabledBecause!.ShouldContain("410");

        _world.Receiver.Answer = _ => 200;
        await _world.Manage.ReplayAsync(webhook.Tenant, webhook.Id, Stop);
        await _world.Process().RunAsync(Stop);
        _world.Receiver.Numbers.ShouldBe([1, 1, 2]);
    }

    [Fact]
    public async Task Webhook_with_a_full_list_of_dead_letters_is_disabled_at_the_next()
    {
        var webhook = await _world.CreateAsync();
        await _world.PublishAsync(DeliverWebhooks.MostDeadLetters + 1);
        foreach (var entry in await _world.Feed.ReadAsync(WebhookWorld.Acme, 0, DeliverWebhooks.MostDeadLetters, Stop))
        {
            await _world.Letters.TryPutAsync(
                webhook.Tenant,
                webhook.Id,
                new(entry, 10, "answered 500", _world.Wall.GetUtcNow()),
                DeliverWebhooks.MostDeadLetters,
                Stop
            );
        }
        var stored = (await _world.Webhooks.FindAsync(webhook.Tenant, webhook.Id, Stop))!;
        var behind = stored.Value with { Progress = new(Cursor: DeliverWebhooks.MostDeadLetters) };
        await _world.Webhooks.TryReplaceAsync(behind, stored.Version, Stop);
        _world.Receiver.Answer = _ => 500;

        for (var attempt = 0; attempt < DeliverWebhooks.MostTries; attempt++)
        {
            await _world.Process().RunAsync(Stop);
            _world.Wall.Advance(TimeSpan.FromHours(1));
        }

        var progress = await _world.ProgressAsync(webhook);
        progress.DisabledBecause!.ShouldContain("dead letters");
        progress.Cursor.ShouldBe(DeliverWebhooks.MostDeadLetters);
        (await _world.DeadAsync(webhook)).Count.ShouldBe(DeliverWebhooks.MostDeadLetters);
    }

    [Fact]
    public async Task Processes_that_meet_send_an_event_once()
    {
        await _world.CreateAsync();
        await _world.PublishAsync(20);
        _world.Receiver.During = static async () => await Task.Yield();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _world.Process().RunAsync(Stop), Stop)));

        _world.Receiver.Numbers.ShouldBe(Enumerable.Range(1, 20));
    }

    [Fact]
    public async Task Turn_of_a_process_that_died_is_taken_over_after_a_while()
    {
        var webhook = await _world.CreateAsync();
        await _world.PublishAsync(2);
        using var dies = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        _world.Receiver.During = () => _world.Receiver.Numbers.Count == 2 ? dies.CancelAsync() : Task.CompletedTask;
        _world.Receiver.Answer = _ => dies.IsCancellationRequested ? throw new OperationCanceledException() : 200;
        await Should.ThrowAsync<OperationCanceledException>(() => _world.Process().RunAsync(dies.Token));
        (_world.Receiver.During, _world.Receiver.Answer) = (static () => Task.CompletedTask, static _ => 200);

        (await _world.Process().RunAsync(Stop)).ShouldBe(0);
        _world.Wall.Advance(DeliverWebhooks.OwnedFor);
        (await _world.Process().RunAsync(Stop)).ShouldBe(1);

        _world.Receiver.Numbers.ShouldBe([1, 2, 2]);
        (await _world.ProgressAsync(webhook)).Cursor.ShouldBe(2);
    }

    [Fact]
    public async Task Webhook_that_is_deleted_in_a_turn_is_sent_nothing_more()
    {
        var webhook = await _world.CreateAsync();
        await _world.PublishAsync(3);
        _world.Receiver.During = () => _world.Manage.DeleteAsync(webhook.Tenant, webhook.Id, Stop);

        await _world.Process().RunAsync(Stop);

        _world.Receiver.Numbers.ShouldBe([1]);
        (await _world.Webhooks.ListAsync(null, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Webhook_whose_secret_is_lost_is_disabled_and_not_signed_otherwise()
    {
        var webhook = await _world.CreateAsync();
        await _world.PublishAsync(1);

        await _world.Process(new(new byte[32])).RunAsync(Stop);

        _world.Receiver.Numbers.ShouldBeEmpty();
        (await _world.ProgressAsync(webhook)).DisabledBecause!.ShouldContain("key has changed");
    }

    [Fact]
    public async Task Failure_of_storage_is_the_next_turns()
    {
        var webhooks = new BrokenWebhooks();
        var world = new WebhookWorld(webhooks);
        await world.CreateAsync();
        await world.PublishAsync(1);
        webhooks.IsBroken = true;

        (await world.Process().RunAsync(Stop)).ShouldBe(0);
        webhooks.IsBroken = false;
        (await world.Process().RunAsync(Stop)).ShouldBe(1);
    }

    private sealed class BrokenWebhooks : IWebhooks
    {
        private readonly InMemoryWebhooks _inner = new();

        public bool IsBroken { get; set; }

        public Task<WebhookAddition> TryAddAsync(Webhook webhook, int most, CancellationToken cancellationToken) =>
            _inner.TryAddAsync(webhook, most, cancellationToken);

        public Task<IReadOnlyList<Versioned<Webhook>>> ListAsync(
            TenantId? tenant,
            CancellationToken cancellationToken
        ) => _inner.ListAsync(tenant, cancellationToken);

        public Task<Versioned<Webhook>?> FindAsync(
            TenantId tenant,
            WebhookId id,
            CancellationToken cancellationToken
        ) => _inner.FindAsync(tenant, id, cancellationToken);

        public Task<string?> TryReplaceAsync(Webhook webhook, string version, CancellationToken cancellationToken) =>
            IsBroken
                ? throw new IOException("The partition moves.")
                : _inner.TryReplaceAsync(webhook, version, cancellationToken);

        public Task<bool> DeleteAsync(TenantId tenant, WebhookId id, CancellationToken cancellationToken) =>
            _inner.DeleteAsync(tenant, id, cancellationToken);
    }
}
