using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Serving;

public sealed class AzuriteServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("surplus-azurite-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Server_keeps_tables_blobs_and_queues_when_it_is_restarted_at_once()
    {
        string first;
        await using (AzuriteServer server = await StartAsync())
        {
            first = server.ConnectionString;
            await WriteAsync(first, "row");
            await new BlobContainerClient(first, "box").CreateAsync(cancellationToken: Cancel);
            await new BlobContainerClient(first, "box").UploadBlobAsync("blob", BinaryData.FromString("b"), Cancel);
            await new QueueClient(first, "line").CreateAsync(cancellationToken: Cancel);
            await new QueueClient(first, "line").SendMessageAsync("m", Cancel);
        }

        await using AzuriteServer again = await StartAsync();

        again.Adopted.ShouldBeFalse();
        again.ConnectionString.ShouldNotBe(first, StringComparer.Ordinal);
        (await HasRowAsync(again.ConnectionString, "row")).ShouldBeTrue();
        var blob = new BlobClient(again.ConnectionString, "box", "blob");
        (await blob.DownloadContentAsync(Cancel)).Value.Content.ToString().ShouldBe("b");
        var queue = new QueueClient(again.ConnectionString, "line");
        (await queue.ReceiveMessageAsync(cancellationToken: Cancel)).Value.MessageText.ShouldBe("m");
    }

    [Fact]
    public async Task Record_is_readable_by_its_user_alone_and_goes_when_the_server_stops()
    {
        string record = Path.Combine(_folder, "azurite.json");
        await using (AzuriteServer server = await StartAsync())
        {
            File.Exists(record).ShouldBeTrue();
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(record).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        File.Exists(record).ShouldBeFalse();
    }

    [Fact]
    public async Task Server_serves_on_when_the_terminal_signals_its_whole_process_group()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        await using (AzuriteServer server = await StartAsync())
        {
            foreach (string signal in (string[])["INT", "QUIT", "HUP"])
            {
                using Process kill = Process.Start("kill", [$"-{signal}", $"{server.ProcessId}"]);
                await kill.WaitForExitAsync(Cancel);
                kill.ExitCode.ShouldBe(0);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300), Cancel);
            await WriteAsync(server.ConnectionString, "last write");
        }

        await using AzuriteServer again = await StartAsync();
        (await HasRowAsync(again.ConnectionString, "last write")).ShouldBeTrue();
    }

    [Fact]
    public async Task Orphan_is_adopted_and_later_stopped_without_loss_when_its_host_was_killed()
    {
        (int orphan, string connection) = await AzuriteKilledHost.RunAndKillAsync(
            await AzuriteFixture.InstallAsync(),
            _folder
        );
        await WriteAsync(connection, "while orphaned");

        await using (AzuriteServer adopted = await StartAsync())
        {
            adopted.Adopted.ShouldBeTrue();
            adopted.ProcessId.ShouldBe(orphan);
            adopted.ConnectionString.ShouldBe(connection);
            await WriteAsync(connection, "after adoption");
        }

        await Should.ThrowAsync<RequestFailedException>(() => HasRowAsync(connection, "while orphaned"));
        await using AzuriteServer fresh = await StartAsync();
        fresh.Adopted.ShouldBeFalse();
        (await HasRowAsync(fresh.ConnectionString, "while orphaned")).ShouldBeTrue();
        (await HasRowAsync(fresh.ConnectionString, "after adoption")).ShouldBeTrue();
    }

    [Fact]
    public async Task Server_in_memory_ends_when_its_host_was_killed()
    {
        (int processId, _) = await AzuriteKilledHost.RunAndKillAsync(await AzuriteFixture.InstallAsync(), null);

        await EndsAsync(processId);
    }

    [Fact]
    public async Task Process_ends_without_touching_its_data_when_the_host_died_before_it_handed_over_the_account()
    {
        string location = Path.Combine(_folder, "azurite");
        Directory.CreateDirectory(location);
        AzuriteProcess unrecorded = AzuriteProcess.Start(await AzuriteFixture.InstallAsync(), location);

        unrecorded.Dispose();

        await EndsAsync(unrecorded.Id);
        Directory.EnumerateFileSystemEntries(location).ShouldBeEmpty();
    }

    [Fact]
    public async Task Process_counts_as_ended_when_its_parent_never_collected_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists such processes.");
        var start = new ProcessStartInfo("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using Process parent = Process.Start(start)!;
        string? zombie = await parent.StandardOutput.ReadLineAsync(Cancel);

        try
        {
            await EndsAsync(int.Parse(zombie.ShouldNotBeNull(), CultureInfo.InvariantCulture));
            Directory.Exists($"/proc/{zombie}").ShouldBeTrue();
        }
        finally
        {
            parent.Kill();
        }
    }

    [Fact]
    public async Task Folder_is_refused_when_another_host_works_on_it()
    {
        await using AzuriteServer server = await StartAsync();

        AzuriteException refused = await Should.ThrowAsync<AzuriteException>(StartAsync);

        refused.Failure.ShouldBe(AzuriteFailure.FolderInUse);
        refused.Message.ShouldContain(_folder);
        await WriteAsync(server.ConnectionString, "still served");
    }

    [Fact]
    public async Task Foreign_server_is_neither_adopted_nor_stopped_when_it_has_the_recorded_id_and_ports()
    {
        await using AzuriteServer foreign = await AzuriteServer.StartAsync(
            await AzuriteFixture.InstallAsync(),
            new AzuriteOptions(),
            Cancel
        );
        using AzuriteProcess process = AzuriteProcess.Find(foreign.ProcessId).ShouldNotBeNull();
        string key = Convert.ToBase64String(new byte[64]);
        long anotherStart = process.StartedUnixMilliseconds - 60_000;
        var blobs = new BlobServiceClient(foreign.ConnectionString);
        var queues = new QueueServiceClient(foreign.ConnectionString);
        var tables = new TableServiceClient(foreign.ConnectionString);
        new AzuriteRecord(process.Id, anotherStart, key, blobs.Uri.Port, queues.Uri.Port, tables.Uri.Port).Save(
            Path.Combine(_folder, "azurite.json")
        );

        await using AzuriteServer server = await StartAsync();

        server.Adopted.ShouldBeFalse();
        server.ProcessId.ShouldNotBe(foreign.ProcessId);
        await WriteAsync(server.ConnectionString, "own");
        (await HasRowAsync(foreign.ConnectionString, "own")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    public async Task Record_counts_as_missing_when_it_is_torn(string record)
    {
        string path = Path.Combine(_folder, "azurite.json");
        await File.WriteAllTextAsync(path, record, Cancel);

        AzuriteRecord.Load(path).ShouldBeNull();
    }

    [Fact]
    public async Task Server_starts_on_other_ports_when_the_recorded_process_is_gone_and_its_ports_are_taken()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        int taken = ((IPEndPoint)listener.LocalEndpoint).Port;
        new AzuriteRecord(int.MaxValue, StartedUnixMilliseconds: 1, "a2V5", taken, taken, taken).Save(
            Path.Combine(_folder, "azurite.json")
        );

        await using AzuriteServer server = await StartAsync();

        server.Adopted.ShouldBeFalse();
        await WriteAsync(server.ConnectionString, "row");
    }

    [Fact]
    public async Task Recorded_process_is_stopped_first_when_it_runs_but_gives_no_answer()
    {
        AzuriteInstall install = await AzuriteFixture.InstallAsync();
        using Process hung = Process.Start(install.NodePath, ["-e", "setInterval(() => {}, 1000)"]);
        try
        {
            using (AzuriteProcess process = AzuriteProcess.Find(hung.Id).ShouldNotBeNull())
            {
                new AzuriteRecord(process.Id, process.StartedUnixMilliseconds, "a2V5").Save(
                    Path.Combine(_folder, "azurite.json")
                );
            }

            await using AzuriteServer server = await StartAsync();

            hung.HasExited.ShouldBeTrue();
            server.Adopted.ShouldBeFalse();
        }
        finally
        {
            hung.Kill();
        }
    }

    [Theory]
    [InlineData("console.log('no room'); process.exit(3)", 60, "exit code 3")]
    [InlineData("console.log('no room'); setInterval(() => {}, 1000)", 3, "within 3 s")]
    public async Task Failure_says_what_happened_and_the_last_output_when_the_server_never_listens(
        string script,
        int startTimeoutSeconds,
        string what
    )
    {
        AzuriteInstall install = await ScriptAsync(script);
        var options = new AzuriteOptions
        {
            DataFolder = _folder,
            StartTimeout = TimeSpan.FromSeconds(startTimeoutSeconds),
        };

        AzuriteException failed = await Should.ThrowAsync<AzuriteException>(() =>
            AzuriteServer.StartAsync(install, options, Cancel)
        );

        failed.Failure.ShouldBe(AzuriteFailure.StartFailed);
        failed.Message.ShouldContain(what);
        failed.Message.ShouldContain("no room");
        AzuriteRecord record = AzuriteRecord.Load(Path.Combine(_folder, "azurite.json")).ShouldNotBeNull();
        AzuriteProcess.Find(record.ProcessId).ShouldBeNull();
        await using AzuriteServer server = await StartAsync();
    }

    [Fact]
    public async Task Server_is_killed_when_it_does_not_stop_in_time()
    {
        AzuriteInstall install = await ScriptAsync(
            """
            process.on("SIGTERM", () => {});
            setInterval(() => {}, 1000);
            for (const service of ["Blob", "Queue", "Table"]) {
              console.log(`Azurite ${service} service is successfully listening at http://127.0.0.1:9`);
            }
            """
        );
        var options = new AzuriteOptions { StopTimeout = TimeSpan.FromSeconds(1) };
        AzuriteServer stubborn = await AzuriteServer.StartAsync(install, options, Cancel);

        await stubborn.DisposeAsync();

        AzuriteProcess.Find(stubborn.ProcessId).ShouldBeNull();
    }

    private async Task<AzuriteServer> StartAsync() =>
        await AzuriteServer.StartAsync(
            await AzuriteFixture.InstallAsync(),
            new AzuriteOptions { DataFolder = _folder },
            Cancel
        );

    /// <summary>A script in Azurite's place.</summary>
    private async Task<AzuriteInstall> ScriptAsync(string script)
    {
        string path = Path.Combine(_folder, "script.cjs");
        await File.WriteAllTextAsync(path, script, Cancel);
        return await AzuriteFixture.InstallAsync() with { MainScript = path };
    }

    private static async Task EndsAsync(int processId)
    {
        long since = Stopwatch.GetTimestamp();
        while (AzuriteProcess.Find(processId) is { } running)
        {
            running.Dispose();
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancel);
        }
    }

    private static async Task WriteAsync(string connection, string row)
    {
        var table = new TableClient(connection, "rows");
        await table.CreateIfNotExistsAsync(Cancel);
        await table.UpsertEntityAsync(new TableEntity("p", row), cancellationToken: Cancel);
    }

    private static async Task<bool> HasRowAsync(string connection, string row)
    {
        var options = new TableClientOptions { Retry = { MaxRetries = 0 } };
        var table = new TableClient(connection, "rows", options);
        try
        {
            return (await table.GetEntityIfExistsAsync<TableEntity>("p", row, cancellationToken: Cancel)).HasValue;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return false;
        }
    }
}
