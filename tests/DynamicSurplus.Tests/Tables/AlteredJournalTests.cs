using Azure;
using Azure.Data.Tables;
using DynamicSurplus.Cloud;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Tests.Contracts;
using DynamicSurplus.Tests.Scenarios;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Tables;

/// <summary>Rows of real journals are altered behind the journal's back, one at a time; the audit names each.</summary>
public sealed class AlteredJournalTests(AzuriteFixture azurite)
{
    private const int Alterations = 80;
    private const int Seed = 20261124;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_byte_of_any_row_altered_is_named_by_lease_and_event()
    {
        var (process, table) = await ArrangeAsync();
        await using var _ = process;
        var audit = process.GetRequiredService<AuditBooks>();
        (await audit.RunAsync(Stop)).Findings.ShouldBeEmpty();
        var rows = await table.QueryAsync<TableEntity>(cancellationToken: Stop).ToListAsync(Stop);
        rows.ShouldContain(row => row.RowKey.StartsWith("effect-", StringComparison.Ordinal));
        var dice = new Random(Seed);

        for (var n = 0; n < Alterations; n++)
        {
            var row = rows[dice.Next(rows.Count)];
            var column = Columns(row)[dice.Next(Columns(row).Length)];
            var altered = new TableEntity(row) { [column] = Altered(row[column], dice) };
            await table.UpsertEntityAsync(altered, TableUpdateMode.Replace, Stop);

            var report = await audit.RunAsync(Stop);

            report.Findings.ShouldNotBeEmpty($"{row.RowKey} {column}, seed {Seed}, alteration {n}");
            var first = report.Findings[0];
            first.Subject.ShouldBe($"lease {row.PartitionKey}");
            first.Version.ShouldBe(VersionOf(row.RowKey));
            await table.UpsertEntityAsync(row, TableUpdateMode.Replace, Stop);
        }
        (await audit.RunAsync(Stop)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Missing_added_and_moved_rows_and_columns_are_named()
    {
        var (process, table) = await ArrangeAsync();
        await using var _ = process;
        var audit = process.GetRequiredService<AuditBooks>();
        var rows = await table.QueryAsync<TableEntity>(cancellationToken: Stop).ToListAsync(Stop);
        var events = rows.Where(row => char.IsAsciiDigit(row.RowKey[0])).ToList();
        var (first, last) = (events[0], events.Last(row => row.PartitionKey == events[0].PartitionKey));
        var stranger = new TableEntity(first) { ["Note"] = "mine" };
        var bare = new TableEntity(first);
        bare.Remove("Seal");
        var retyped = new TableEntity(first) { ["Mark"] = "7" };
        var copied = new TableEntity(last) { RowKey = $"{VersionOf(last.RowKey) + 1:D19}" };

        (await FindingAsync(() => DeleteAsync(first))).What.ShouldBe("it is missing; event 2 follows");
        (await FindingAsync(() => DeleteAsync(last))).What.ShouldContain("its journal ends with");
        (await FindingAsync(() => PutAsync(stranger))).What.ShouldContain("has a column Note, which was never written");
        (await FindingAsync(() => PutAsync(bare))).What.ShouldContain("lacks one of the columns Json, Mark, Seal");
        (await FindingAsync(() => PutAsync(retyped))).What.ShouldContain("or holds it as another type");
        (await FindingAsync(() => PutAsync(copied))).Version.ShouldBe(VersionOf(copied.RowKey));

        async Task<Divergence> FindingAsync(Func<Task> alter)
        {
            await alter();
            var found = (await audit.RunAsync(Stop)).Findings[0];
            await table.DeleteEntityAsync(copied, ETag.All, Stop);
            await PutAsync(first);
            await PutAsync(last);
            found.Subject.ShouldBe($"lease {first.PartitionKey}");
            return found;
        }

        Task PutAsync(TableEntity row) => table.UpsertEntityAsync(row, TableUpdateMode.Replace, Stop);

        Task DeleteAsync(TableEntity row) => table.DeleteEntityAsync(row, ETag.All, Stop);
    }

    /// <summary>Leases in several states, made by the engine on tables of their own.</summary>
    private async Task<(ServiceProvider Process, TableClient Journal)> ArrangeAsync()
    {
        var (connection, name) = (await azurite.ConnectionStringAsync(), AzuriteFixture.UniqueName());
        var clients = StorageClients.From(connection, name);
        await clients.EnsureCreatedAsync(Stop);
        var world = new LeaseWorld();
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<TimeProvider>(world.Time);
        services.AddAzureStorage(clients);
        services.AddEngine(new EngineOptions(), new WebhookOptions(new byte[WebhookOptions.MinSecretBytes]));
        var process = services.BuildServiceProvider();

        await world.RegisterAsync(process, Stop);
        await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        await world.LeaseAsync(process, "ends", LeaseTier.Spot, 4, TimeSpan.FromMinutes(5), Stop);
        await world.LeaseAsync(process, "lives", LeaseTier.Spot, 6, TimeSpan.FromHours(1), Stop);
        for (var minute = 0; minute < 6; minute++)
        {
            await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        }
        return (process, new TableServiceClient(connection).GetTableClient(name + "journal"));
    }

    private static string[] Columns(TableEntity row) =>
        row.RowKey.StartsWith("effect-", StringComparison.Ordinal) ? ["Json", "Seal"] : ["Json", "Mark", "Seal"];

    private static object Altered(object value, Random dice)
    {
        switch (value)
        {
            case long number:
                return number ^ (1L << dice.Next(63));
            case string text:
                var place = dice.Next(text.Length);
                return string.Concat(text.AsSpan(0, place), text[place] == 'f' ? "0" : "f", text.AsSpan(place + 1));
            default:
                var bytes = (byte[])((byte[])value).Clone();
                bytes[dice.Next(bytes.Length)] ^= (byte)dice.Next(1, 256);
                return bytes;
        }
    }

    private static long VersionOf(string row) =>
        long.Parse(
            row.Replace("effect-", "", StringComparison.Ordinal)[..19],
            System.Globalization.CultureInfo.InvariantCulture
        );
}
