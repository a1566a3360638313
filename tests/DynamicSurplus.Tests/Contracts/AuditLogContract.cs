using DynamicSurplus.Engine.Ports;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class AuditLogContract : PortContract<IAuditLog>
{
    private const int All = 1_000;
    private static readonly DateTimeOffset Start = Example.Noon.AddDays(-30);

    [Fact]
    public void Port_appends_and_lists_and_does_nothing_else() =>
        typeof(IAuditLog)
            .GetMethods()
            .Select(method => method.Name)
            .ShouldBe([nameof(IAuditLog.AppendAsync), nameof(IAuditLog.ListAsync)]);

    [Fact]
    public async Task Nothing_done_is_an_empty_last_page()
    {
        await using var store = await CreateAsync();

        foreach (var after in (AuditId?[])[null, AuditId.New(Example.Noon)])
        {
            var page = await store.Open().ListAsync(Start, null, after, All, Stop);
            page.Entries.ShouldBeEmpty();
            page.Next.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Entries_come_back_whole()
    {
        await using var store = await CreateAsync();
        var intent = Example.Audit(Example.Noon) with { Status = null };
        var outcome = intent with
        {
            Id = intent.Id.Next(Example.Noon),
            Intent = intent.Id,
            TraceId = "0af7651916cd43dd8448eb211c80319c",
            BodySha256 = new string('e', 64),
            Status = 422,
            Problem = Example.Unicode,
            Detail = Example.Unicode,
        };
        await store.Open().AppendAsync(intent, Stop);
        await store.Open().AppendAsync(outcome, Stop);

        var page = await store.Open().ListAsync(Start, null, null, All, Stop);

        page.Entries.ShouldBe([intent, outcome]);
        page.Entries.Select(entry => entry.Stage).ShouldBe([AuditStage.Intent, AuditStage.Outcome]);
    }

    [Fact]
    public async Task Entry_that_is_there_stays_as_it_is()
    {
        await using var store = await CreateAsync();
        var entry = Example.Audit(Example.Noon);
        await store.Open().AppendAsync(entry, Stop);

        await store.Open().AppendAsync(entry with { Caller = "somebody else", Status = 500 }, Stop);

        (await store.Open().ListAsync(Start, null, null, All, Stop)).Entries.ShouldBe([entry]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(1_000)]
    public async Task Pages_hold_every_entry_once_the_newest_last(int most)
    {
        await using var store = await CreateAsync();
        var entries = Week();
        foreach (var entry in entries.Reverse())
        {
            await store.Open().AppendAsync(entry, Stop);
        }

        var all = new List<AuditEntry>();
        AuditId? after = null;
        do
        {
            var page = await store.Open().ListAsync(Start, null, after, most, Stop);
            page.Entries.Count.ShouldBeInRange(1, most);
            all.AddRange(page.Entries);
            after = page.Next;
        } while (after is not null);

        all.ShouldBe(entries);
    }

    [Theory]
    [InlineData(0, 4, "0 1 2 3 4 5")]
    [InlineData(1, 2, "2 3")]
    [InlineData(0, 1, "0 1")]
    [InlineData(1, 1, "")]
    [InlineData(3, 9, "5")]
    [InlineData(4, 9, "")]
    [InlineData(-9, 0, "")]
    public async Task Range_has_its_start_and_not_its_end(int fromDay, int toDay, string found)
    {
        await using var store = await CreateAsync();
        var entries = Week();
        foreach (var entry in entries)
        {
            await store.Open().AppendAsync(entry, Stop);
        }

        var page = await store
            .Open()
            .ListAsync(Example.Noon.AddDays(fromDay), Example.Noon.AddDays(toDay), null, All, Stop);

        string.Join(' ', page.Entries.Select(entry => Array.IndexOf(entries, entry))).ShouldBe(found);
    }

    [Fact]
    public async Task Cursor_widens_no_range()
    {
        await using var store = await CreateAsync();
        var entries = Week();
        foreach (var entry in entries)
        {
            await store.Open().AppendAsync(entry, Stop);
        }

        var behind = await store.Open().ListAsync(Example.Noon, Example.Noon.AddDays(1), entries[4].Id, All, Stop);
        var before = await store.Open().ListAsync(Example.Noon.AddDays(3), null, entries[0].Id, All, Stop);

        behind.Entries.ShouldBeEmpty();
        before.Entries.ShouldBe(entries[5..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_001)]
    public async Task Page_size_out_of_range_is_refused(int most)
    {
        await using var store = await CreateAsync();

        await Should.ThrowAsync<ArgumentOutOfRangeException>(() =>
            store.Open().ListAsync(Start, null, null, most, Stop)
        );
    }

    [Fact]
    public async Task Writers_at_once_lose_nothing()
    {
        await using var store = await CreateAsync();

        var written = await AtOnceAsync(async _ =>
        {
            var entry = Example.Audit(Example.Noon);
            await store.Open().AppendAsync(entry, Stop);
            return entry.Id;
        });

        var page = await store.Open().ListAsync(Start, null, null, All, Stop);
        page.Entries.Select(entry => entry.Id).ShouldBe(written.Order());
    }

    /// <summary>Noon, midnight, a tick before noon and noon of other days: oldest first.</summary>
    private static AuditEntry[] Week() =>
        [
            Example.Audit(Example.Noon),
            Example.Audit(Example.Noon.AddDays(1).AddTicks(-1)),
            Example.Audit(Example.Noon.AddDays(1)),
            Example.Audit(Example.Noon.AddDays(1.5)),
            Example.Audit(Example.Noon.AddDays(2)),
            Example.Audit(Example.Noon.AddDays(3)),
        ];
}
