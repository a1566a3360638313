using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// Finds the pinned Azurite, or installs it once with npm: in the repository's <c>tools/azurite</c> where the binary
/// lies within the repository, else in the user's local application data, from the lock shipped beside the binary.
/// </summary>
public sealed class AzuriteInstaller
{
    private const int LeastNodeMajor = 20;

    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);

    public string BaseDirectory { get; init; } = AppContext.BaseDirectory;

    public string UserDirectory { get; init; } =
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify
        );

    public string NodeCommand { get; init; } = "node";

    public string NpmCommand { get; init; } = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>For the whole of it, the wait for another process that installs included; default 5 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets a line when an install begins and when another process is waited for.</summary>
    public TextWriter Progress { get; init; } = TextWriter.Null;

    /// <summary>The installed Azurite; installs it first where it is missing, half there or of another lock.</summary>
    /// <exception cref="AzuriteException">
    /// <see cref="AzuriteFailure.NodeMissing"/> or <see cref="AzuriteFailure.InstallFailed"/>; one line.
    /// </exception>
    public async Task<AzuriteInstall> FindOrInstallAsync(CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(Timeout);
        try
        {
            string node = await FindNodeAsync(late.Token);
            (string folder, string source) = Folders();
            if (!IsInstalled(folder, source))
            {
                await InstallAsync(folder, source, late.Token);
            }

            return new AzuriteInstall(node, MainScript(folder));
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw Failed($"it took longer than {Timeout.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e.Message, e);
        }
    }

    private static string MainScript(string folder) =>
        Path.Combine(folder, "node_modules", "azurite", "dist", "src", "azurite.js");

    private static string HiddenLock(string folder) => Path.Combine(folder, "node_modules", ".package-lock.json");

    private static string LockOf(string folder) => Path.Combine(folder, "package-lock.json");

    private static AzuriteException Failed(string why, Exception? inner = null) =>
        new(AzuriteFailure.InstallFailed, $"The storage emulator (Azurite) could not be installed: {why}", inner);

    /// <summary>Where Azurite is installed, and where the lock it must match lies.</summary>
    private (string Folder, string Source) Folders()
    {
        // From the parent on: the build puts a copy of the lock beside the binary as well.
        var start = new DirectoryInfo(Path.TrimEndingDirectorySeparator(BaseDirectory));
        for (DirectoryInfo? up = start.Parent; up is not null; up = up.Parent)
        {
            string tools = Path.Combine(up.FullName, "tools", "azurite");
            if (File.Exists(LockOf(tools)))
            {
                return (tools, tools);
            }
        }

        string shipped = Path.Combine(BaseDirectory, "tools", "azurite");
        if (!File.Exists(LockOf(shipped)))
        {
            throw Failed($"{LockOf(shipped)} is missing; copy it from the release");
        }

        if (UserDirectory.Length == 0)
        {
            throw Failed("the user has no folder for application data; set HOME");
        }

        string version = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(LockOf(shipped))))[..12];
        return (Path.Combine(UserDirectory, "dynamic-surplus", $"azurite-{version}"), shipped);
    }

    /// <summary>
    /// Whether the install is whole and as the lock says. npm lists what it has put in place in a hidden lock, which it
    /// writes last, so that a half-finished install has none; and an install made by hand counts.
    /// </summary>
    private static bool IsInstalled(string folder, string source)
    {
        if (!File.Exists(HiddenLock(folder)) || !File.Exists(MainScript(folder)))
        {
            return false;
        }

        try
        {
            Dictionary<string, (string? Integrity, bool Optional)> installed = Packages(HiddenLock(folder));
            return Packages(LockOf(source))
                .All(wanted =>
                    installed.TryGetValue(wanted.Key, out (string? Integrity, bool) found)
                        ? string.Equals(found.Integrity, wanted.Value.Integrity, StringComparison.Ordinal)
                        : wanted.Value.Optional
                );
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    private static Dictionary<string, (string? Integrity, bool Optional)> Packages(string lockPath)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(lockPath));
        return document
            .RootElement.GetProperty("packages")
            .EnumerateObject()
            .Where(package => package.Name.Length > 0) // the empty name is the project itself
            .ToDictionary(
                package => package.Name,
                package =>
                    (
                        package.Value.TryGetProperty("integrity", out JsonElement hash) ? hash.GetString() : null,
                        package.Value.TryGetProperty("optional", out JsonElement optional) && optional.GetBoolean()
                    ),
                StringComparer.Ordinal
            );
    }

    private async Task InstallAsync(string folder, string source, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        await using FileStream held = await TakeAsync(Path.Combine(folder, ".install.lock"), cancel);
        if (IsInstalled(folder, source))
        {
            return; // by the process that was waited for
        }

        await Progress.WriteLineAsync($"Installing the storage emulator (Azurite, once, about 190 MB) in {folder} ...");
        if (File.Exists(HiddenLock(folder)))
        {
            File.Delete(HiddenLock(folder)); // from here on the install is unfinished
        }

        if (!string.Equals(folder, source, StringComparison.Ordinal))
        {
            File.Copy(Path.Combine(source, "package.json"), Path.Combine(folder, "package.json"), overwrite: true);
            File.Copy(LockOf(source), LockOf(folder), overwrite: true);
        }

        string[] arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"];
        (int exitCode, string output) = await RunAsync(NpmCommand, arguments, folder, cancel);
        if (exitCode != 0)
        {
            throw Failed($"npm ci in {folder} ended with exit code {exitCode}: {OneLine(output)}");
        }

        if (!IsInstalled(folder, source))
        {
            throw Failed($"npm ci in {folder} left it incomplete; delete node_modules there and try again");
        }
    }

    private async Task<FileStream> TakeAsync(string path, CancellationToken cancel)
    {
        bool told = false;
        while (true)
        {
            FileStream? held = AzuriteFileLock.TryTake(path);
            if (held is not null)
            {
                return held;
            }

            if (!told)
            {
                await Progress.WriteLineAsync("Waiting for another process that installs the storage emulator ...");
                told = true;
            }

            await Task.Delay(LockPoll, cancel);
        }
    }

    private async Task<string> FindNodeAsync(CancellationToken cancel)
    {
        string[] arguments = ["-p", "process.versions.node + '\\n' + process.execPath"];
        (int exitCode, string output) = await RunAsync(NodeCommand, arguments, ".", cancel);
        string[] lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (exitCode != 0 || lines.Length != 2)
        {
            throw new AzuriteException(
                AzuriteFailure.NodeMissing,
                $"'{NodeCommand}' does not run as Node.js {LeastNodeMajor} or newer: {OneLine(output)}"
            );
        }

        string major = lines[0].Split('.')[0];
        if (!int.TryParse(major, CultureInfo.InvariantCulture, out int number) || number < LeastNodeMajor)
        {
            throw new AzuriteException(
                AzuriteFailure.NodeMissing,
                $"Node.js {lines[0]} is too old for the storage emulator: install {LeastNodeMajor} or newer."
            );
        }

        return lines[1];
    }

    /// <summary>Runs a tool to its end, with all it prints; it is killed, with its children, on cancellation.</summary>
    private static async Task<(int ExitCode, string Output)> RunAsync(
        string command,
        string[] arguments,
        string folder,
        CancellationToken cancel
    )
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using Process process = Start(start);
        process.StandardInput.Close();
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancel);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new AzuriteException(
                AzuriteFailure.NodeMissing,
                $"'{start.FileName}' was not found: the storage emulator needs Node.js {LeastNodeMajor} or newer "
                    + "with npm.",
                e
            );
        }
    }

    private static string OneLine(string output) =>
        string.Join(' ', output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
