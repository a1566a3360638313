using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class LeaseJournalContract : PortContract<ILeaseJournal>
{
    private static readonly LeaseId Lease = Example.Lease(1);

    [Fact]
    public async Task Unknown_lease_has_an_empty_stream()
    {
        await using var store = await CreateAsync();
        var journal = store.Open();

        var stream = await journal.ReadAsync(Lease, Stop);
        await journal.CompleteAsync(Lease, [Example.Effect(1, 0)], Stop);

        stream.Events.ShouldBeEmpty();
        stream.Effects.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stream_comes_back_in_order_byte_for_byte()
    {
        await using var store = await CreateAsync();
        var journal = store.Open();
        for (var version = 0; version < 12; version += 2)
        {
            await journal.TryAppendAsync(
                Lease,
                version,
                [Example.Event(version + 1, Example.Unicode), Example.Event(version + 2, $"{version}")],
                [Example.Effect(version + 2, 11, Example.Unicode), Example.Effect(version + 2, 2)],
                [],
                Stop
            );
        }

        var stream = await store.Open().ReadAsync(Lease, Stop);

        stream.Events.Select(stored => stored.Version).ShouldBe(Enumerable.Range(1, 12).Select(number => (long)number));
        stream.Events[10].Json.ToArray().ShouldBe(Example.Json(Example.Unicode));
        stream.Events[11].Json.ToArray().ShouldBe(Example.Json("10"));
        stream
            .Effects.Select(effect => (effect.Version, effect.Index))
            .ShouldBe([
                .. Enumerable.Range(1, 6).SelectMany(pair => (int[])[2, 11], (pair, index) => (pair * 2L, index)),
            ]);
        stream.Effects[1].Json.ToArray().ShouldBe(Example.Json(Example.Unicode));
    }

    [Fact]
    public async Task Append_at_another_version_writes_nothing()
    {
        await using var store = await CreateAsync();
        var journal = store.Open();
        await AppendAsync(journal, 0, effects: [Example.Effect(1, 0)]);
        await AppendAsync(journal, 1);

        foreach (var wrong in (long[])[0, 1, 3, 7])
        {
            var conflict = await journal.TryAppendAsync(
                Lease,
                wrong,
                [Example.Event(wrong + 1, "late"), Example.Event(wrong + 2, "late")],
                [Example.Effect(wrong + 1, 5)],
                [Example.Effect(1, 0)],
                Stop
            );
            conflict.ShouldBeFalse();
        }

        var stream = await journal.ReadAsync(Lease, Stop);
        stream.Events.Select(stored => stored.Version).ShouldBe([1L, 2L]);
        stream.Events.Select(stored => stored.Json.ToArray()).ShouldBe([Example.Json("event"), Example.Json("event")]);
        stream.Effects.Select(effect => (effect.Version, effect.Index)).ShouldBe([(1L, 0)]);
    }

    [Fact]
    public async Task Append_to_an_unknown_stream_begins_at_version_one()
    {
        await using var store = await CreateAsync();
        var journal = store.Open();

        (await journal.TryAppendAsync(Lease, 3, [Example.Event(4)], [], [], Stop)).ShouldBeFalse();

        (await journal.ReadAsync(Lease, Stop)).Events.ShouldBeEmpty();
        await AppendAsync(journal, 0);
    }

    [Fact]
    public async Task Append_removes_what_is_done_together_with_what_it_adds()
    {
        await using var store = await CreateAsync();
        var journal = store.Open();
        await AppendAsync(journal, 0, effects: [Example.Effect(1, 0), Example.Effect(1, 1), Example.Effect(1, 2)]);

        await AppendAsync(
            journal,
            1,
            effects: [Example.Effect(2, 0)],
            done: [Example.Effect(1, 0), Example.Effect(1, 2)]
        );

        (await store.Open().ReadAsync(Lease, Stop))
            .Effects.Select(effect => (effect.Version, effect.Index))
            .ShouldBe([(1L, 1), (2L, 0)]);
    }

    [Fact]
    public async Task Append_takes_no_offence_at_effects_that_are_gone()
    {
        await using var store = await CreateAsync();
        var journal = store.Open();
        await AppendAsync(journal, 0, effects: [Example.Effect(1, 0), Example.Effect(1, 1)]);
        await journal.CompleteAsync(Lease, [Example.Effect(1, 0)], Stop);

        await AppendAsync(journal, 1, done: [Example.Effect(1, 0), Example.Effect(1, 1), Example.Effect(1, 9)]);

        (await journal.ReadAsync(Lease, Stop)).Effects.ShouldBeEmpty();
    }

    [Fact]
    public async Task Effects_are_completed_once_or_often()
    {
        await using var store = await CreateAsync();
        var journal = store.Open();
        await AppendAsync(journal, 0, effects: [Example.Effect(1, 0), Example.Effect(1, 1)]);

        await journal.CompleteAsync(Lease, [Example.Effect(1, 1)], Stop);
        await store.Open().CompleteAsync(Lease, [Example.Effect(1, 1), Example.Effect(1, 7)], Stop);
        await journal.CompleteAsync(Lease, [], Stop);

        var stream = await journal.ReadAsync(Lease, Stop);
        stream.Effects.Select(effect => effect.Index).ShouldBe([0]);
        stream.Events.Count.ShouldBe(1);
    }

    [Fact]
    public async Task More_effects_than_a_batch_holds_are_completed_in_one_call()
    {
        await using var store = await CreateAsync();
        var journal = store.Open();
        for (var version = 0; version < 5; version++)
        {
            var effects = Enumerable.Range(0, 50).Select(index => Example.Effect(version + 1, index));
            await AppendAsync(journal, version, effects: [.. effects]);
        }
        var pending = (await journal.ReadAsync(Lease, Stop)).Effects;
        pending.Count.ShouldBe(250);

        await journal.CompleteAsync(Lease, [.. pending.Take(249)], Stop);

        (await journal.ReadAsync(Lease, Stop)).Effects.ShouldHaveSingleItem().Index.ShouldBe(49);
    }

    [Fact]
    public async Task Append_takes_as_much_as_its_limits_say()
    {
        await using var store = await CreateAsync();
        var journal = store.Open();
        var json = Example.Bytes(JournalLimits.MaxJsonBytes);
        await AppendAsync(journal, 0, effects: [Example.Effect(1, 0), Example.Effect(1, 1)]);

        var won = await journal.TryAppendAsync(
            Lease,
            1,
            [new(2, json), .. Enumerable.Range(3, 30).Select(version => Example.Event(version))],
            [new(2, 0, json), .. Enumerable.Range(3, 30).Select(version => Example.Effect(version, 0))],
            [Example.Effect(1, 0), Example.Effect(1, 1)],
            Stop
        );

        won.ShouldBeTrue();
        var stream = await store.Open().ReadAsync(Lease, Stop);
        stream.Events.Count.ShouldBe(32);
        stream.Effects.Count.ShouldBe(31);
        stream.Events[1].Json.ToArray().ShouldBe(json);
        stream.Effects[0].Json.ToArray().ShouldBe(json);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gap")]
    [InlineData("disorder")]
    [InlineData("foreign effect")]
    [InlineData("later effect")]
    [InlineData("effect twice")]
    [InlineData("too many")]
    [InlineData("event too large")]
    [InlineData("effect too large")]
    [InlineData("negative")]
    public async Task What_is_no_append_is_refused(string fault)
    {
        await using var store = await CreateAsync();
        var journal = store.Open();
        var large = Example.Bytes(JournalLimits.MaxJsonBytes + 1);
        StoredEvent[] events = fault switch
        {
            "none" => [],
            "gap" => [Example.Event(1), Example.Event(3)],
            "disorder" => [Example.Event(2), Example.Event(1)],
            "event too large" => [new(1, large)],
            "negative" => [Example.Event(0)],
            _ => [Example.Event(1)],
        };
        PendingEffect[] effects = fault switch
        {
            "foreign effect" => [Example.Effect(0, 0)],
            "later effect" => [Example.Effect(2, 0)],
            "effect twice" => [Example.Effect(1, 0), Example.Effect(1, 0)],
            "too many" => [.. Enumerable.Range(0, JournalLimits.MaxChanges).Select(index => Example.Effect(1, index))],
            "effect too large" => [new(1, 0, large)],
            _ => [],
        };
        var expectedVersion = fault is "negative" ? -1 : 0;

        await Should.ThrowAsync<ArgumentException>(() =>
            journal.TryAppendAsync(Lease, expectedVersion, events, effects, [], Stop)
        );

        (await journal.ReadAsync(Lease, Stop)).Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Leases_are_apart()
    {
        await using var store = await CreateAsync();
        var journal = store.Open();
        var other = Example.Lease(2);
        await AppendAsync(journal, 0, effects: [Example.Effect(1, 0)]);
        await journal.TryAppendAsync(other, 0, [Example.Event(1, "other")], [Example.Effect(1, 0)], [], Stop);

        await journal.CompleteAsync(other, [Example.Effect(1, 0)], Stop);

        (await journal.ReadAsync(Lease, Stop)).Effects.Count.ShouldBe(1);
        (await journal.ReadAsync(other, Stop)).Events[0].Json.ToArray().ShouldBe(Example.Json("other"));
    }

    [Fact]
    public async Task Scan_gives_every_stream_by_lease_as_it_is_stored()
    {
        await using var store = await CreateAsync();
        var journal = store.Open();
        foreach (var number in (int[])[3, 1, 2])
        {
            await journal.TryAppendAsync(
                Example.Lease(number),
                0,
                [Example.Event(1, Example.Unicode), Example.Event(2, $"{number}")],
                [Example.Effect(1, 4), Example.Effect(2, 0)],
                [],
                Stop
            );
        }
        await journal.CompleteAsync(Example.Lease(2), [Example.Effect(1, 4)], Stop);

        var scanned = await journal.ScanAsync(Stop).ToListAsync(Stop);

        scanned
            .Select(stream => stream.Lease)
            .ShouldBe(((int[])[1, 2, 3]).Select(number => Example.Lease(number).ToString()));
        scanned.ShouldAllBe(stream => stream.Damage.Count == 0);
        scanned[1].Stream.Events.Select(stored => stored.Version).ShouldBe([1, 2]);
        scanned[1].Stream.Events[1].Json.ToArray().ShouldBe(Example.Json("2"));
        scanned[1].Stream.Effects.Select(effect => (effect.Version, effect.Index)).ShouldBe([(2, 0)]);
        scanned[2].Stream.Effects.Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_of_many_writers_wins_a_version()
    {
        await using var store = await CreateAsync();
        for (var version = 0; version < 3; version++)
        {
            var won = await AtOnceAsync(writer =>
                store
                    .Open()
                    .TryAppendAsync(
                        Lease,
                        version,
                        [Example.Event(version + 1, $"writer {writer}")],
                        [Example.Effect(version + 1, writer)],
                        [],
                        Stop
                    )
            );

            won.Count(one => one).ShouldBe(1);
            var winner = Array.IndexOf(won, true);
            var stream = await store.Open().ReadAsync(Lease, Stop);
            stream.Events.Count.ShouldBe(version + 1);
            stream.Events[version].Json.ToArray().ShouldBe(Example.Json($"writer {winner}"));
            stream.Effects.Count.ShouldBe(version + 1);
            stream.Effects[version].Index.ShouldBe(winner);
        }
    }

    [Fact]
    public async Task Writers_that_try_again_lose_no_event()
    {
        await using var store = await CreateAsync();
        const int Each = 3;

        await AtOnceAsync(async writer =>
        {
            var journal = store.Open();
            for (var wins = 0; wins < Each; )
            {
                var version = (await journal.ReadAsync(Lease, Stop)).Events.Count;
                await Task.Yield(); // invites another writer between reading and writing
                var mine = Example.Event(version + 1, $"writer {writer}");
                wins += await journal.TryAppendAsync(Lease, version, [mine], [], [], Stop) ? 1 : 0;
            }
            return true;
        });

        var events = (await store.Open().ReadAsync(Lease, Stop)).Events;
        events.Select(stored => stored.Version).ShouldBe(Enumerable.Range(1, Writers * Each).Select(n => (long)n));
        events
            .CountBy(stored => System.Text.Encoding.UTF8.GetString(stored.Json.Span))
            .ShouldAllBe(writer => writer.Value == Each);
    }

    [Fact]
    public async Task Stored_bytes_are_nobodys_but_the_journals()
    {
        await using var store = await CreateAsync();
        var journal = store.Open();
        var (stored, effect) = (Example.Event(1), Example.Effect(1, 0));
        await journal.TryAppendAsync(Lease, 0, [stored], [effect], [], Stop);
        Scribble(stored.Json);
        Scribble(effect.Json);
        var read = await journal.ReadAsync(Lease, Stop);
        Scribble(read.Events[0].Json);
        Scribble(read.Effects[0].Json);

        var again = await journal.ReadAsync(Lease, Stop);

        again.Events[0].Json.ToArray().ShouldBe(Example.Json("event"));
        again.Effects[0].Json.ToArray().ShouldBe(Example.Json("effect"));
    }

    private static async Task AppendAsync(
        ILeaseJournal journal,
        long version,
        PendingEffect[]? effects = null,
        PendingEffect[]? done = null
    ) =>
        (
            await journal.TryAppendAsync(Lease, version, [Example.Event(version + 1)], effects ?? [], done ?? [], Stop)
        ).ShouldBeTrue();
}
