using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class WebhooksContract : PortContract<IWebhooks>
{
    private const int Most = 3;
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly TenantId Globex = TenantId.Parse("globex");

    [Fact]
    public async Task Nothing_added_is_nothing_found()
    {
        await using var store = await CreateAsync();
        var one = Example.Webhook("acme", 1);

        (await store.Open().ListAsync(null, Stop)).ShouldBeEmpty();
        (await store.Open().ListAsync(Acme, Stop)).ShouldBeEmpty();
        (await store.Open().FindAsync(Acme, one.Id, Stop)).ShouldBeNull();
        (await store.Open().DeleteAsync(Acme, one.Id, Stop)).ShouldBeFalse();
    }

    [Fact]
    public async Task Webhook_comes_back_whole()
    {
        await using var store = await CreateAsync();
        var webhook = Example.Webhook("acme", 1) with { Progress = Example.WholeProgress() };

        (await store.Open().TryAddAsync(webhook, Most, Stop)).ShouldBe(WebhookAddition.Added);

        (await store.Open().FindAsync(Acme, webhook.Id, Stop))!.Value.ShouldBe(webhook);
        (await store.Open().FindAsync(Globex, webhook.Id, Stop)).ShouldBeNull();
        (await store.Open().ListAsync(Acme, Stop)).ShouldHaveSingleItem().Value.ShouldBe(webhook);
    }

    [Fact]
    public async Task List_is_a_tenants_or_everybodys()
    {
        await using var store = await CreateAsync();
        Webhook[] all = [Example.Webhook("globex", 1), Example.Webhook("acme", 2), Example.Webhook("acme", 1)];
        foreach (var webhook in all)
        {
            await store.Open().TryAddAsync(webhook, Most, Stop);
        }

        var ordered = all.OrderBy(webhook => webhook.Tenant).ThenBy(webhook => webhook.Id).ToList();
        (await store.Open().ListAsync(null, Stop)).Select(stored => stored.Value).ShouldBe(ordered);
        (await store.Open().ListAsync(Acme, Stop)).Select(stored => stored.Value).ShouldBe(ordered[..2]);
        (await store.Open().ListAsync(Globex, Stop)).Select(stored => stored.Value).ShouldBe(ordered[2..]);
    }

    [Fact]
    public async Task Address_is_added_once_and_only_so_many_are()
    {
        await using var store = await CreateAsync();
        foreach (var number in (int[])[1, 2, 3])
        {
            await store.Open().TryAddAsync(Example.Webhook("acme", number), Most, Stop);
        }
        var again = Example.Webhook("acme", 2) with { Salt = "another" };

        (await store.Open().TryAddAsync(again, Most, Stop)).ShouldBe(WebhookAddition.Exists);
        (await store.Open().TryAddAsync(Example.Webhook("acme", 4), Most, Stop)).ShouldBe(WebhookAddition.Full);
        (await store.Open().TryAddAsync(Example.Webhook("globex", 4), Most, Stop)).ShouldBe(WebhookAddition.Added);
        (await store.Open().FindAsync(Acme, again.Id, Stop))!.Value.Salt.ShouldBe("salt");

        await store.Open().DeleteAsync(Acme, again.Id, Stop);
        (await store.Open().TryAddAsync(again, Most, Stop)).ShouldBe(WebhookAddition.Added);
    }

    [Fact]
    public async Task Many_at_once_do_not_exceed_the_most()
    {
        await using var store = await CreateAsync();

        var answers = await AtOnceAsync(writer =>
            store.Open().TryAddAsync(Example.Webhook("acme", writer), Most, Stop)
        );

        answers.Count(answer => answer == WebhookAddition.Added).ShouldBe(Most);
        answers.Count(answer => answer == WebhookAddition.Full).ShouldBe(Writers - Most);
        (await store.Open().ListAsync(Acme, Stop)).Count.ShouldBe(Most);
    }

    [Fact]
    public async Task Replacement_wants_the_version_that_is_stored()
    {
        await using var store = await CreateAsync();
        var webhook = Example.Webhook("acme", 1);
        await store.Open().TryAddAsync(webhook, Most, Stop);
        var first = (await store.Open().FindAsync(Acme, webhook.Id, Stop))!.Version;
        var moved = webhook with { Progress = webhook.Progress with { Cursor = 8 } };

        var second = await store.Open().TryReplaceAsync(moved, first, Stop);

        second.ShouldNotBeNull();
        (await store.Open().TryReplaceAsync(webhook, first, Stop)).ShouldBeNull();
        (await store.Open().FindAsync(Acme, webhook.Id, Stop)).ShouldBe(new(moved, second));
        await store.Open().DeleteAsync(Acme, webhook.Id, Stop);
        (await store.Open().TryReplaceAsync(moved, second, Stop)).ShouldBeNull();
        (await store.Open().FindAsync(Acme, webhook.Id, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task One_of_many_replacements_wins()
    {
        await using var store = await CreateAsync();
        var webhook = Example.Webhook("acme", 1);
        await store.Open().TryAddAsync(webhook, Most, Stop);
        var version = (await store.Open().FindAsync(Acme, webhook.Id, Stop))!.Version;

        var won = await AtOnceAsync(writer =>
            store
                .Open()
                .TryReplaceAsync(webhook with { Progress = new(Cursor: writer, Owner: $"{writer}") }, version, Stop)
        );

        won.Count(answer => answer is not null).ShouldBe(1);
    }
}
