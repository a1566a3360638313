using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.ServerSentEvents;
using DynamicSurplus.Api;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Api.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>Server-sent events over a real server, read by the framework's own parser.</summary>
public sealed class EventStreamsTests
{
    private const string Accept = "text/event-stream";

    /// <summary>Of the wall, which only the tests that are about it move.</summary>
    private readonly FakeTimeProvider _wall = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_has_what_was_and_then_what_comes()
    {
        await using var host = await HostAsync();
        var first = await host.LeaseAsync();
        using var stream = await FollowAsync(host);

        var before = await stream.TakeAsync(3);
        var second = await host.LeaseAsync();
        var after = await stream.TakeAsync(3);

        stream.ContentType.ShouldBe(Accept);
        before.Select(item => item.Id).ShouldBe([$"{first}-1", $"{first}-2", $"{first}-3"]);
        after.Select(item => item.Id).ShouldBe([$"{second}-1", $"{second}-2", $"{second}-3"]);
        before.Concat(after).Select(item => item.Cursor).ShouldBe(["1", "2", "3", "4", "5", "6"]);
    }

    [Fact]
    public async Task A_stream_goes_on_behind_the_last_event_that_was_seen()
    {
        await using var host = await HostAsync();
        var first = await host.LeaseAsync();
        string seen;
        using (var stream = await FollowAsync(host, "/v1/events?after=latest"))
        {
            await host.QuoteAsync();
            seen = (await stream.TakeAsync(1))[0].Cursor;
        }
        var missed = await host.LeaseAsync();

        // As a browser connects again: the same address, which says where it began, and the header.
        using var again = await FollowAsync(host, "/v1/events?after=latest", ("Last-Event-ID", seen));

        seen.ShouldBe("4");
        first.ShouldNotBe(missed);
        (await again.TakeAsync(3)).Select(item => item.Id).ShouldBe([$"{missed}-1", $"{missed}-2", $"{missed}-3"]);
    }

    [Fact]
    public async Task A_stream_has_the_callers_events_alone()
    {
        await using var host = await HostAsync();
        using var own = await FollowAsync(host);
        using var overseen = await FollowAsync(host, "/v1/events?tenant=globex", who: ApiHost.Operator);

        var others = await host.QuoteAsync(ApiHost.Globex);
        var mine = await host.QuoteAsync(ApiHost.Acme);

        (await own.TakeAsync(1)).ShouldHaveSingleItem().Id.ShouldBe($"{mine}-1");
        (await overseen.TakeAsync(1)).ShouldHaveSingleItem().Id.ShouldBe($"{others}-1");
        using var another = await host.OpenAsync("/v1/events?tenant=globex", ApiHost.Acme, ("Accept", Accept));
        another.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_stream_of_some_types_skips_the_others_and_its_heartbeat_says_how_far_it_is()
    {
        await using var host = await HostAsync();
        var lease = await host.LeaseAsync();
        using var stream = await FollowAsync(host, "/v1/events?type=dynamic-surplus.lease.accepted");

        var accepted = await stream.TakeAsync(1);
        await host.QuoteAsync();
        string cursor;
        do
        {
            cursor = await stream.NextHeartbeatAsync(_wall);
        } while (cursor is "2" or "3"); // it may have looked before the quote

        accepted[0].Id.ShouldBe($"{lease}-2");
        cursor.ShouldBe("4");
    }

    [Fact]
    public async Task A_quiet_stream_shows_that_it_lives()
    {
        await using var host = await HostAsync();
        using var stream = await FollowAsync(host);

        for (var beat = 0; beat < 3; beat++)
        {
            (await stream.NextHeartbeatAsync(_wall)).ShouldBe("0");
        }
    }

    [Fact]
    public async Task Streams_end_when_the_host_stops()
    {
        await using var host = await HostAsync();
        using var stream = await FollowAsync(host);

        var stopping = host.StopAsync();

        await stream.EndAsync();
        await stopping.WaitAsync(TimeSpan.FromSeconds(10), Stop);
        host.Log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_ends_after_a_while_so_that_its_credential_is_asked_for_again()
    {
        await using var host = await HostAsync();
        using var stream = await FollowAsync(host);

        _wall.Advance(EventStreams.LongestLife);

        await stream.EndAsync();
    }

    [Fact]
    public async Task A_caller_has_ten_streams_and_an_ended_one_makes_room()
    {
        await using var host = await HostAsync();
        var open = new List<Follower>();
        for (var number = 0; number < EventStreams.MostOfCaller; number++)
        {
            open.Add(await FollowAsync(host));
        }

        using var refused = await host.OpenAsync("/v1/events", ApiHost.Acme, ("Accept", Accept));
        using var another = await FollowAsync(host, who: ApiHost.Globex);
        open[0].Dispose();
        await UntilAsync(async () =>
        {
            using var freed = await host.OpenAsync("/v1/events", ApiHost.Acme, ("Accept", Accept));
            return freed.StatusCode == HttpStatusCode.OK;
        });

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        open.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task A_host_has_a_hundred_streams()
    {
        await using var host = await HostAsync();
        var streams = host.Services.GetRequiredService<EventStreams>();
        for (var caller = 0; caller < EventStreams.Most; caller++)
        {
            streams.TryOpen(new($"{caller}", Roles.Auditor, null)).ShouldBeTrue();
        }

        using var refused = await host.OpenAsync("/v1/events", ApiHost.Acme, ("Accept", Accept));

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_cursor_that_is_no_more_is_refused_before_anything_is_sent()
    {
        await using var host = await HostAsync();

        using var answer = await host.OpenAsync("/v1/events?after=9", ApiHost.Acme, ("Accept", Accept));

        answer.StatusCode.ShouldBe(HttpStatusCode.Gone);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    private async Task<ApiHost> HostAsync() =>
        await ApiHost.WithFleetAsync(services => services.AddEventStreams(), wall: _wall);

    private static async Task<Follower> FollowAsync(
        ApiHost host,
        string path = "/v1/events",
        (string Name, string Value)? header = null,
        string who = ApiHost.Acme
    )
    {
        (string, string)[] headers = header is { } more ? [("Accept", Accept), more] : [("Accept", Accept)];
        var response = await host.OpenAsync(path, who, headers);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return new(response, await response.Content.ReadAsStreamAsync(Stop));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            await Task.Delay(20, Stop);
        }
    }

    [SuppressMessage(
        "Usage",
        "CA2213",
        Justification = "An enumerator that waits cannot be disposed; it ends with its response."
    )]
    private sealed class Follower(HttpResponseMessage response, Stream body) : IDisposable
    {
        private readonly IAsyncEnumerator<SseItem<string>> _items = SseParser
            .Create(body)
            .EnumerateAsync(Stop)
            .GetAsyncEnumerator(Stop);

        public string? ContentType => response.Content.Headers.ContentType?.MediaType;

        /// <summary>The next events, without heartbeats.</summary>
        public async Task<List<(string Id, string Cursor)>> TakeAsync(int count)
        {
            var taken = new List<(string, string)>();
            while (taken.Count < count && await NextAsync())
            {
                if (_items.Current.EventType == "message")
                {
                    using var json = System.Text.Json.JsonDocument.Parse(_items.Current.Data);
                    taken.Add((json.RootElement.GetProperty("id").GetString()!, _items.Current.EventId!));
                }
            }
            return taken;
        }

        /// <summary>Moves the wall until one comes.</summary>
        /// <returns>Its cursor.</returns>
        public async Task<string> NextHeartbeatAsync(FakeTimeProvider wall)
        {
            while (true)
            {
                var next = NextAsync();
                while (!next.IsCompleted)
                {
                    wall.Advance(EventStreams.Heartbeat / 10);
                    await Task.Delay(5, Stop);
                }
                (await next).ShouldBeTrue();
                if (_items.Current.EventType == "heartbeat")
                {
                    return _items.Current.EventId!;
                }
            }
        }

        /// <summary>Reads until it ends by itself, whole; a broken one, or one that goes on, fails.</summary>
        public async Task EndAsync()
        {
            while (await NextAsync()) { }
        }

        public void Dispose() => response.Dispose();

        private Task<bool> NextAsync() => _items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Stop);
    }
}
