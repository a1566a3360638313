using System.Collections.Concurrent;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using CsCheck;
using DynamicSurplus.Api.Events;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Contracts;
using DynamicSurplus.Tests.Wire;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class EventEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_of_a_lease_are_listed_as_CloudEvents_in_order()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var lease = await host.LeaseAsync();

        var answer = await host.GetAsync("/v1/events", ApiHost.Acme);

        var events = answer.Json.GetProperty("events").EnumerateArray().Select(Parse).ToList();
        events.ShouldAllBe(happened => happened.IsValid && happened.SpecVersion == CloudEventsSpecVersion.V1_0);
        events.Select(happened => happened.Id).ShouldBe([$"{lease}-1", $"{lease}-2", $"{lease}-3"]);
        events
            .Select(happened => happened.Type)
            .ShouldBe([
                "dynamic-surplus.lease.held",
                "dynamic-surplus.lease.accepted",
                "dynamic-surplus.lease.granted",
            ]);
        answer["next"].ShouldBe("3");
        answer.Json.GetProperty("more").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_end_and_on()
    {
        await using var host = await ApiHost.WithFleetAsync();
        await host.LeaseAsync();
        await host.LeaseAsync();

        var (ids, after, more) = (new List<string>(), "0", true);
        while (more)
        {
            var page = await host.GetAsync($"/v1/events?limit=2&after={after}", ApiHost.Acme);
            ids.AddRange(Ids(page));
            (after, more) = (page["next"], page.Json.GetProperty("more").GetBoolean());
        }
        var nothing = await host.GetAsync($"/v1/events?after={after}", ApiHost.Acme);
        await host.QuoteAsync();
        var next = await host.GetAsync($"/v1/events?after={nothing["next"]}", ApiHost.Acme);

        ids.Count.ShouldBe(6);
        ids.ShouldBeUnique();
        Ids(nothing).ShouldBeEmpty();
        Ids(next).ShouldHaveSingleItem().ShouldEndWith("-1");
    }

    [Fact]
    public async Task Types_and_a_lease_narrow_the_list_and_not_the_cursor()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var first = await host.LeaseAsync();
        var second = await host.LeaseAsync();

        var granted = await host.GetAsync("/v1/events?type=dynamic-surplus.lease.granted", ApiHost.Acme);
        var ofSecond = await host.GetAsync($"/v1/events?lease={second}&limit=2", ApiHost.Acme);
        var rest = await host.GetAsync($"/v1/events?lease={second}&after={ofSecond["next"]}", ApiHost.Acme);
        var none = await host.GetAsync("/v1/events?type=dynamic-surplus.lease.settled", ApiHost.Acme);
        var either = await host.GetAsync(
            "/v1/events?type=dynamic-surplus.lease.held,dynamic-surplus.lease.granted",
            ApiHost.Acme
        );

        Ids(granted).ShouldBe([$"{first}-3", $"{second}-3"]);
        Ids(ofSecond).ShouldBe([$"{second}-1", $"{second}-2"]);
        ofSecond.Json.GetProperty("more").GetBoolean().ShouldBeTrue();
        Ids(rest).ShouldBe([$"{second}-3"]);
        (Ids(none).Count, none["next"]).ShouldBe((0, "6"));
        Ids(either).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_tenant_reads_its_own_events_and_an_overseer_the_one_it_names()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var own = await host.QuoteAsync(ApiHost.Acme);
        var others = await host.QuoteAsync(ApiHost.Globex);

        (await IdsAsync("/v1/events", ApiHost.Acme)).ShouldBe([$"{own}-1"]);
        (await IdsAsync("/v1/events", ApiHost.Globex)).ShouldBe([$"{others}-1"]);
        (await IdsAsync($"/v1/events?lease={others}", ApiHost.Acme)).ShouldBeEmpty();
        (await IdsAsync("/v1/events?tenant=globex", ApiHost.Operator)).ShouldBe([$"{others}-1"]);
        (await IdsAsync("/v1/events?tenant=acme", ApiHost.Auditor)).ShouldBe([$"{own}-1"]);
        var another = await host.GetAsync("/v1/events?tenant=globex", ApiHost.Acme);
        (another.Status, another.Problem).ShouldBe((403, "forbidden"));

        async Task<IReadOnlyList<string>> IdsAsync(string path, string who) => Ids(await host.GetAsync(path, who));
    }

    [Fact]
    public async Task Latest_begins_at_what_comes_next()
    {
        await using var host = await ApiHost.WithFleetAsync();
        await host.LeaseAsync();

        var now = await host.GetAsync("/v1/events?after=latest", ApiHost.Acme);
        var quote = await host.QuoteAsync();
        var later = await host.GetAsync($"/v1/events?after={now["next"]}", ApiHost.Acme);

        (Ids(now).Count, now["next"]).ShouldBe((0, "3"));
        Ids(later).ShouldBe([$"{quote}-1"]);
    }

    [Fact]
    public async Task A_cursor_whose_events_are_gone_is_told_so()
    {
        await using var host = await ApiHost.WithFleetAsync();
        await host.LeaseAsync();
        await host.LeaseAsync();
        host.Time.Advance(TrimEvents.Retention + TimeSpan.FromSeconds(1));
        var trimmed = await host.Services.GetRequiredService<TrimEvents>().RunAsync(Stop);

        var afterAll = await host.GetAsync("/v1/events?after=6", ApiHost.Acme);
        var lost = await host.GetAsync("/v1/events?after=5", ApiHost.Acme);
        await host.QuoteAsync();
        var stillLost = await host.GetAsync("/v1/events?after=5", ApiHost.Acme);
        var ahead = await host.GetAsync("/v1/events?after=8", ApiHost.Acme);
        var anew = await host.GetAsync("/v1/events", ApiHost.Acme);

        trimmed.ShouldBe(6);
        (afterAll.Status, afterAll["next"]).ShouldBe((200, "6"));
        new[] { lost, stillLost, ahead }.ShouldAllBe(answer => answer.Status == 410 && answer.Problem == "cursor-lost");
        (Ids(anew).Count, anew["next"]).ShouldBe((1, "7"));
    }

    [Fact]
    public async Task Events_younger_than_a_month_are_kept()
    {
        await using var host = await ApiHost.WithFleetAsync();
        await host.LeaseAsync();
        host.Time.Advance(TimeSpan.FromDays(30));

        (await host.Services.GetRequiredService<TrimEvents>().RunAsync(Stop)).ShouldBe(0);
    }

    [Fact]
    public async Task A_host_without_streams_says_so_to_who_accepts_nothing_else()
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.SendAsync(
            "GET",
            "/v1/events",
            ApiHost.Acme,
            headers: [("Accept", "text/event-stream")]
        );

        (answer.Status, answer.Problem).ShouldBe((406, "not-acceptable"));
    }

    [Fact]
    public void Every_event_has_a_type_that_can_be_asked_for()
    {
        var seen = new ConcurrentDictionary<Type, string>();
        GenLease.Event.Sample(
            happened =>
            {
                var envelope = new LeaseEventEnvelope(
                    Example.Lease(1),
                    1,
                    LeaseEventEnvelope.CurrentSchemaVersion,
                    CommandId.From("command"),
                    Tick.None,
                    LeaseEventEnvelope.NoHash,
                    happened is LeaseEvent.Credited most ? most with { Gpus = 8, Seconds = 60 } : happened
                );
                seen[happened.GetType()] = LeaseCloudEvent.TypePrefix + LeaseEventDocument.Of(envelope).Type;
            },
            iter: 2_000
        );

        seen.Keys.ShouldBe(
            typeof(LeaseEvent).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(LeaseEvent))),
            ignoreOrder: true
        );
        seen.Values.ShouldBe(LeaseCloudEvent.Types, ignoreOrder: true);
    }

    private static IReadOnlyList<string> Ids(ApiHost.Answer answer) =>
        [.. answer.Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("id").GetString()!)];

    private static CloudEvent Parse(JsonElement json) =>
        new JsonEventFormatter().DecodeStructuredModeMessage(
            System.Text.Encoding.UTF8.GetBytes(json.GetRawText()),
            contentType: null,
            extensionAttributes: null
        );
}
