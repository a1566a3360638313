using System.Globalization;
using System.Text;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Webhooks;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Webhooks;

/// <summary>Feeds, webhooks and a receiver, on a clock that the test moves.</summary>
internal sealed class WebhookWorld
{
    public static readonly TenantId Acme = TenantId.Parse("acme");
    public static readonly Uri Target = new("http://receiver.test/hook");

    public static readonly WebhookOptions Options = new(Encoding.ASCII.GetBytes(new string('k', 32)))
    {
        AllowPrivateTargets = true,
    };

    private int _published;

    public WebhookWorld(IWebhooks? webhooks = null)
    {
        Webhooks = webhooks ?? new InMemoryWebhooks();
        Manage = new(
            Webhooks,
            Letters,
            Feed,
            new WebhookTargets(Options, static (_, _) => Task.FromResult<System.Net.IPAddress[]>([new(1)])),
            new WebhookSecrets(Options),
            Wall
        );
    }

    public FakeTimeProvider Wall { get; } = new(Example.Noon);

    public InMemoryEventFeed Feed { get; } = new();

    public IWebhooks Webhooks { get; }

    public InMemoryDeadLetters Letters { get; } = new();

    public ScriptedReceiver Receiver { get; } = new();

    public ManageWebhooks Manage { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What a process has of its own.</summary>
    public DeliverWebhooks Process(WebhookOptions? options = null)
    {
        var secrets = new WebhookSecrets(options ?? Options);
        var sender = new WebhookSender(new HttpClient(Receiver, disposeHandler: false), secrets, Wall);
        var log = NullLogger<DeliverWebhooks>.Instance;
        return new(Webhooks, Letters, Feed, sender, secrets, Wall, log);
    }

    public async Task<Webhook> CreateAsync(params string[] types)
    {
        var made = await Manage.CreateAsync(Acme, Target, EventTypes.Of(types), Stop);
        made.Addition.ShouldBe(WebhookAddition.Added);
        return made.Webhook;
    }

    /// <summary>Events of the next numbers; even ones are of type <c>even</c>, the others <c>odd</c>.</summary>
    public async Task PublishAsync(int count, TenantId? tenant = null)
    {
        for (var one = 0; one < count; one++)
        {
            var number = ++_published;
            var json = Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $$"""{"number":{{number}}}""")
            );
            var type = number % 2 == 0 ? "even" : "odd";
            var told = new FeedEvent($"event-{number}", type, Example.Lease(1), Wall.GetUtcNow(), json);
            await Feed.AppendAsync(tenant ?? Acme, told, Stop);
        }
    }

    public async Task<WebhookProgress> ProgressAsync(Webhook webhook) =>
        (await Webhooks.FindAsync(webhook.Tenant, webhook.Id, Stop))!.Value.Progress;

    public async Task<IReadOnlyList<long>> DeadAsync(Webhook webhook) =>
        [.. (await Letters.ListAsync(webhook.Tenant, webhook.Id, 0, 1_000, Stop)).Select(letter => letter.Sequence)];

    /// <summary>Turns, each at the time of its next try, until the webhook waits for none.</summary>
    /// <returns>The waits between the turns.</returns>
    public async Task<IReadOnlyList<TimeSpan>> RunToRestAsync(Webhook webhook)
    {
        var (deliver, waits) = (Process(), new List<TimeSpan>());
        while (true)
        {
            await deliver.RunAsync(Stop);
            if ((await ProgressAsync(webhook)).NextTryAt is not { } next)
            {
                return waits;
            }
            waits.Add(next - Wall.GetUtcNow());
            Wall.SetUtcNow(next);
        }
    }
}
