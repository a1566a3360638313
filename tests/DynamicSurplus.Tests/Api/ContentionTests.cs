using System.Globalization;
using Azure.Core;
using DynamicSurplus.Cloud.Tables;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Tests.Cloud;
using DynamicSurplus.Tests.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>
/// Somebody else wins every try: bounded tries, then 503 with Retry-After; nothing is half-done, and the same request,
/// with the same key, succeeds once the rivals are gone.
/// </summary>
public sealed class ContentionTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Quote_that_loses_its_book_every_time_is_told_to_come_again_and_then_succeeds()
    {
        var (books, control) = LosingPort<ICapacityBooks>.Around(
            new InMemoryCapacityBooks(),
            nameof(ICapacityBooks.TryCommitAsync)
        );
        await using var host = await ApiHost.WithFleetAsync(services => services.AddSingleton(books));
        var body = new
        {
            fleet = "alpha",
            tier = "spot",
            gpus = 8,
            termSeconds = 3600,
        };

        var busy = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, body, key: "same");
        control.IsLosing = false;
        var again = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, body, key: "same");

        ShouldBeContended(busy);
        control.Lost.ShouldBe(12);
        again.Status.ShouldBe(201, again.Text);
    }

    [Fact]
    public async Task Acceptance_that_loses_the_journal_every_time_is_told_to_come_again_and_then_succeeds()
    {
        var (journal, control) = LosingPort<ILeaseJournal>.Around(
            new InMemoryLeaseJournal(),
            nameof(ILeaseJournal.TryAppendAsync)
        );
        control.IsLosing = false;
        await using var host = await ApiHost.WithFleetAsync(services => services.AddSingleton(journal));
        var quoteId = await host.QuoteAsync();
        control.IsLosing = true;

        var busy = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, new { quoteId }, key: "same");
        control.IsLosing = false;
        var again = await host.SendAsync("POST", "/v1/leases", ApiHost.Acme, new { quoteId }, key: "same");

        ShouldBeContended(busy);
        control.Lost.ShouldBe(3);
        (again.Status, again["status"]).ShouldBe((201, "active"), again.Text);
    }

    [Fact]
    public async Task Claim_to_a_key_that_others_always_win_is_told_to_come_again()
    {
        // Each insert meets a row, and each look finds none: a claim that comes and goes.
        var transport = new FaultyTransport();
        var keys = new TableIdempotencyKeys(await azurite.StorageAsync(transport));
        transport.Refuse(request => request.Method == RequestMethod.Post);
        await using var host = await ApiHost.WithFleetAsync(services => services.AddSingleton<IIdempotencyKeys>(keys));

        var busy = await host.SendAsync("POST", "/v1/quotes", ApiHost.Acme, "{}");

        ShouldBeContended(busy);
        transport.Refused.ShouldBe(32);
    }

    private static void ShouldBeContended(ApiHost.Answer answer)
    {
        (answer.Status, answer.Problem).ShouldBe((503, "contended"), answer.Text);
        int.Parse(answer.Headers["Retry-After"], CultureInfo.InvariantCulture).ShouldBeInRange(1, 3);
    }
}
