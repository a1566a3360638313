using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Serving;

/// <summary>
/// The real npm on a lock with one package: a stand-in for Azurite, from a file, so that each install takes a second.
/// The real Azurite is found or installed for every other test by <see cref="AzuriteFixture"/>.
/// </summary>
public sealed class AzuriteInstallerTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("surplus-install-").FullName;
    private readonly ConcurrentQueue<string> _progress = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Tools => Path.Combine(_root, "tools", "azurite");

    private string HiddenLock => Path.Combine(Tools, "node_modules", ".package-lock.json");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Install_is_found_without_npm_when_it_is_whole()
    {
        await AzuriteFixture.InstallAsync();
        WriteLock(Tools, "first");
        AzuriteInstall installed = await Installer().FindOrInstallAsync(Cancel);

        AzuriteInstall found = await Installer(npm: "no-such-npm").FindOrInstallAsync(Cancel);

        found.ShouldBe(installed);
        (await File.ReadAllTextAsync(found.MainScript, Cancel)).ShouldBe("first");
        Path.IsPathRooted(found.NodePath).ShouldBeTrue();
        Installs().ShouldBe(1);
    }

    [Theory]
    [InlineData("half-finished", "first")]
    [InlineData("torn", "first")]
    [InlineData("gone", "first")]
    [InlineData("another version", "second")]
    public async Task Install_is_redone_when_it_is_unfinished_or_of_another_lock(string state, string mainScript)
    {
        await AzuriteFixture.InstallAsync();
        WriteLock(Tools, "first");
        AzuriteInstall installed = await Installer().FindOrInstallAsync(Cancel);
        switch (state)
        {
            case "half-finished":
                File.Delete(HiddenLock);
                break;
            case "torn":
                await File.WriteAllTextAsync(HiddenLock, "{", Cancel);
                break;
            case "gone":
                File.Delete(installed.MainScript);
                break;
            default:
                WriteLock(Tools, mainScript);
                break;
        }

        AzuriteInstall redone = await Installer().FindOrInstallAsync(Cancel);

        Installs().ShouldBe(2);
        (await File.ReadAllTextAsync(redone.MainScript, Cancel)).ShouldBe(mainScript);
    }

    [Fact]
    public async Task Install_happens_once_when_two_ask_at_the_same_time()
    {
        await AzuriteFixture.InstallAsync();
        WriteLock(Tools, "first");

        AzuriteInstall[] both = await Task.WhenAll(
            Installer().FindOrInstallAsync(Cancel),
            Installer().FindOrInstallAsync(Cancel)
        );

        both[0].ShouldBe(both[1]);
        Installs().ShouldBe(1);
    }

    [Fact]
    public async Task Install_goes_to_the_users_folder_when_the_binary_lies_in_no_repository()
    {
        await AzuriteFixture.InstallAsync();
        string published = Path.Combine(_root, "published");
        WriteLock(Path.Combine(published, "tools", "azurite"), "first");
        string user = Path.Combine(_root, "user");

        AzuriteInstall installed = await Installer(published, user).FindOrInstallAsync(Cancel);

        installed.MainScript.ShouldStartWith(Path.Combine(user, "dynamic-surplus", "azurite-"));
        (await Installer(published, user, npm: "no-such-npm").FindOrInstallAsync(Cancel)).ShouldBe(installed);
    }

    [Fact]
    public async Task Missing_node_is_said_in_one_line()
    {
        WriteLock(Tools, "first");
        var installer = new AzuriteInstaller { BaseDirectory = Bin(), NodeCommand = "no-such-node" };

        AzuriteException missing = await Should.ThrowAsync<AzuriteException>(() =>
            installer.FindOrInstallAsync(Cancel)
        );

        missing.Failure.ShouldBe(AzuriteFailure.NodeMissing);
        missing.Message.ShouldBe(
            "'no-such-node' was not found: the storage emulator needs Node.js 20 or newer with npm."
        );
    }

    [Fact]
    public async Task Missing_npm_is_said_when_there_is_something_to_install()
    {
        await AzuriteFixture.InstallAsync();
        WriteLock(Tools, "first");

        AzuriteException missing = await Should.ThrowAsync<AzuriteException>(() =>
            Installer(npm: "no-such-npm").FindOrInstallAsync(Cancel)
        );

        missing.Failure.ShouldBe(AzuriteFailure.NodeMissing);
        missing.Message.ShouldStartWith("'no-such-npm' was not found");
    }

    [Fact]
    public async Task Failed_install_gives_npms_reason_in_one_line()
    {
        await AzuriteFixture.InstallAsync();
        WriteLock(Tools, "first");
        await File.WriteAllTextAsync(Path.Combine(Tools, "package-lock.json"), "{}", Cancel);

        AzuriteException failed = await Should.ThrowAsync<AzuriteException>(() =>
            Installer().FindOrInstallAsync(Cancel)
        );

        failed.Failure.ShouldBe(AzuriteFailure.InstallFailed);
        failed.Message.ShouldContain("npm ci");
        failed.Message.ShouldContain("exit code 1");
        failed.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task Install_waits_and_says_so_when_another_process_holds_it()
    {
        await AzuriteFixture.InstallAsync();
        WriteLock(Tools, "first");
        Task<AzuriteInstall> installing;
        await using (HoldInstall())
        {
            installing = Installer().FindOrInstallAsync(Cancel);
            while (Told("Waiting for another process") == 0)
            {
                installing.IsCompleted.ShouldBeFalse();
                await Task.Delay(TimeSpan.FromMilliseconds(20), Cancel);
            }

            Installs().ShouldBe(0);
        }

        File.Exists((await installing).MainScript).ShouldBeTrue();
        Installs().ShouldBe(1);
    }

    [Fact]
    public async Task Install_gives_up_when_it_takes_too_long()
    {
        await AzuriteFixture.InstallAsync();
        WriteLock(Tools, "first");
        await using FileStream held = HoldInstall();
        var installer = new AzuriteInstaller { BaseDirectory = Bin(), Timeout = TimeSpan.FromSeconds(1) };

        AzuriteException failed = await Should.ThrowAsync<AzuriteException>(() => installer.FindOrInstallAsync(Cancel));

        failed.Failure.ShouldBe(AzuriteFailure.InstallFailed);
        failed.Message.ShouldContain("longer than 1 s");
    }

    private FileStream HoldInstall() =>
        File.Open(Path.Combine(Tools, ".install.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

    private string Bin() => Path.Combine(_root, "artifacts", "bin");

    private AzuriteInstaller Installer(string? bin = null, string user = "", string npm = "npm") =>
        new()
        {
            BaseDirectory = bin ?? Bin(),
            UserDirectory = user,
            NpmCommand = OperatingSystem.IsWindows() ? $"{npm}.cmd" : npm,
            Progress = new Lines(_progress),
        };

    private int Installs() => Told("Installing the storage emulator");

    private int Told(string what) => _progress.Count(line => line.StartsWith(what, StringComparison.Ordinal));

    /// <summary>Writes package.json, its lock and, as a file, the one package they name.</summary>
    private void WriteLock(string folder, string mainScript)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(_root, $"azurite-{mainScript}.tgz");
        using (var tar = new TarWriter(new GZipStream(File.Create(file), CompressionLevel.Fastest)))
        {
            Add(tar, "package/package.json", """{"name":"azurite","version":"1.0.0"}""");
            Add(tar, "package/dist/src/azurite.js", mainScript);
        }

        string integrity = $"sha512-{Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(file)))}";
        string root = $$$"""{"name":"tools","dependencies":{"azurite":"file:{{{file}}}"}}""";
        File.WriteAllText(Path.Combine(folder, "package.json"), root);
        File.WriteAllText(
            Path.Combine(folder, "package-lock.json"),
            $$$"""
            {"name":"tools","lockfileVersion":3,"requires":true,"packages":{"":{{{root}}},
            "node_modules/azurite":{"version":"1.0.0","resolved":"file:{{{file}}}","integrity":"{{{integrity}}}"} } }
            """
        );
    }

    private static void Add(TarWriter tar, string name, string text) =>
        tar.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
            }
        );

    private sealed class Lines(ConcurrentQueue<string> lines) : StringWriter
    {
        public override Task WriteLineAsync(string? value)
        {
            lines.Enqueue(value ?? "");
            return Task.CompletedTask;
        }
    }
}
