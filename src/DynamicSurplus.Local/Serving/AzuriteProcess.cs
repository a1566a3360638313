using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace DynamicSurplus.Local.Serving;

/// <summary>One Azurite process: a child of this host, or an orphan of an earlier one.</summary>
public sealed partial class AzuriteProcess : IDisposable
{
    private const int SigTerm = 15;
    private const int TailLines = 12;

    /// <summary>The system derives a start time anew in each process, from clocks that drift a little.</summary>
    private const long SameStartMilliseconds = 2000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Azurite saves its data every 5 s; where it cannot be asked to stop, that is waited for.</summary>
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(6);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new();

    private AzuriteProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        StartedUnixMilliseconds = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds();
    }

    public int Id { get; }

    public long StartedUnixMilliseconds { get; }

    /// <summary>Starts Azurite up to the point where it waits for its account: it has touched no data yet.</summary>
    /// <param name="install">What to start.</param>
    /// <param name="location">Folder of its data; null: memory.</param>
    public static AzuriteProcess Start(AzuriteInstall install, string? location)
    {
        var start = new ProcessStartInfo(install.NodePath)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = location ?? Path.GetTempPath(),
        };
        string[] arguments =
        [
            "--require",
            Path.Combine(AppContext.BaseDirectory, "tools", "azurite", "supervised.cjs"),
            install.MainScript,
            "--silent",
            "--disableTelemetry",
            "--skipApiVersionCheck",
            .. Listen("blob"),
            .. Listen("queue"),
            .. Listen("table"),
            .. location is null ? (string[])["--inMemoryPersistence"] : ["--location", location],
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("AZURITE_DB"); // a foreign setting that would put the data into an SQL server

        var azurite = new AzuriteProcess(Process.Start(start)!);
        azurite._process.ErrorDataReceived += (_, line) => azurite.Remember(line.Data);
        azurite._process.BeginErrorReadLine();
        return azurite;
    }

    /// <summary>The process with this id, or null where none runs.</summary>
    public static AzuriteProcess? Find(int processId)
    {
        try
        {
            var found = new AzuriteProcess(Process.GetProcessById(processId));
            if (found.IsRunning())
            {
                return found;
            }

            found.Dispose();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // no such process, it has just ended, or it is another user's
        }

        return null;
    }

    public bool StartedAt(long unixMilliseconds) =>
        Math.Abs(StartedUnixMilliseconds - unixMilliseconds) <= SameStartMilliseconds;

    /// <summary>Hands over the account, upon which Azurite serves, and waits until all three services listen.</summary>
    /// <returns>The record with the ports, which the system chose: no other process can have them.</returns>
    /// <exception cref="AzuriteException">It ended before, or took too long; with its last lines.</exception>
    public async Task<AzuriteRecord> ServeAsync(AzuriteRecord record, TimeSpan timeout, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(timeout);
        try
        {
            await _process.StandardInput.WriteLineAsync($"{AzuriteRecord.Account}:{record.Key}".AsMemory(), late.Token);
            await _process.StandardInput.FlushAsync(late.Token);
        }
        catch (IOException)
        {
            // it ended before it could read; said below, with its last lines
        }

        var ports = new Dictionary<string, int>(StringComparer.Ordinal);
        try
        {
            while (ports.Count < 3)
            {
                if (await _process.StandardOutput.ReadLineAsync(late.Token) is not { } line)
                {
                    await _process.WaitForExitAsync(late.Token);
                    throw Failed($"ended with exit code {_process.ExitCode} before it listened");
                }

                Remember(line);
                if (Listening().Match(line) is { Success: true } match)
                {
                    ports[match.Groups["service"].Value] = int.Parse(
                        match.Groups["port"].Value,
                        CultureInfo.InvariantCulture
                    );
                }
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Failed($"did not listen within {timeout.TotalSeconds:0.#} s");
        }

        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None); // lest the pipe fills
        return record with { BlobPort = ports["Blob"], QueuePort = ports["Queue"], TablePort = ports["Table"] };
    }

    /// <summary>Asks the process to save and end, and kills it after the time-out.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        if (OperatingSystem.IsWindows())
        {
            await UntilEndedAsync(SaveInterval);
        }
        else if (IsRunning())
        {
            _ = Kill(Id, SigTerm);
            await UntilEndedAsync(timeout);
        }

        if (IsRunning())
        {
            _process.Kill();
            await UntilEndedAsync(timeout);
        }
    }

    public void Dispose() => _process.Dispose();

    private static string[] Listen(string service) => [$"--{service}Host", "127.0.0.1", $"--{service}Port", "0"];

    [GeneratedRegex(
        @"^Azurite (?<service>Blob|Queue|Table) service is successfully listening at \S+:(?<port>\d+)$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Listening();

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);

    private void Remember(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }
    }

    private AzuriteException Failed(string what)
    {
        lock (_gate)
        {
            string last = _tail.Count == 0 ? "it printed nothing" : string.Join(Environment.NewLine, _tail);
            return new AzuriteException(
                AzuriteFailure.StartFailed,
                $"The storage emulator (Azurite, process {Id}) {what}; its last output: {last}"
            );
        }
    }

    private async Task UntilEndedAsync(TimeSpan timeout)
    {
        long since = Stopwatch.GetTimestamp();
        while (IsRunning() && Stopwatch.GetElapsedTime(since) < timeout)
        {
            await Task.Delay(PollInterval);
        }
    }

    /// <summary>
    /// Whether the process still works. An orphan that has ended but was not collected by its new parent (a container's
    /// first process often does not) is still listed by the system, as a zombie; it counts as ended.
    /// </summary>
    private bool IsRunning()
    {
        if (_process.HasExited)
        {
            return false;
        }

        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        try
        {
            string stat = File.ReadAllText($"/proc/{Id}/stat"); // "id (name) state ..."; a name may hold brackets
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
