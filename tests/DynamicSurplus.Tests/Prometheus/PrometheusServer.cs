using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Prometheus;

/// <summary>
/// A real Prometheus on loopback, its data in a folder of its own, which scrapes every second what the test exports.
/// </summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly WebApplication _exporter;
    private readonly Process _process;
    private readonly string _folder;

    private PrometheusServer(WebApplication exporter, Process process, string folder, Uri address)
    {
        (_exporter, _process, _folder) = (exporter, process, folder);
        Address = address;
    }

    public Uri Address { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Where there is none the test is skipped with the reason, but fails where CI is to have one.</summary>
    /// <param name="exported">The metrics, in the text format, at each scrape.</param>
    public static async Task<PrometheusServer> StartAsync(Func<string> exported)
    {
        var executable = Find();
        var exporter = await ExportAsync(exported);
        var folder = Directory.CreateTempSubdirectory("surplus-prometheus-").FullName;
        var config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(
            config,
            $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - job_name: gpus
                static_configs: [{ targets: ["{{new Uri(exporter.Urls.Single()).Authority}}"] }]
            """,
            Cancel
        );
        var address = $"127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo(executable) { RedirectStandardError = true, WorkingDirectory = folder };
        start.ArgumentList.Add($"--config.file={config}");
        start.ArgumentList.Add($"--storage.tsdb.path={Path.Combine(folder, "data")}");
        start.ArgumentList.Add($"--web.listen-address={address}");
        start.ArgumentList.Add("--web.route-prefix=/metrics-of/north");
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { }; // read, so that it never blocks
        process.BeginErrorReadLine();
        var server = new PrometheusServer(exporter, process, folder, new Uri($"http://{address}/metrics-of/north"));
        try
        {
            await server.ReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        await _exporter.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var executable = folders.Select(folder => Path.Combine(folder, "prometheus")).FirstOrDefault(File.Exists);
        const string Missing = "No `prometheus` is on the PATH; on Debian: apt-get install prometheus";
        if (executable is null && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(Missing);
        }
        Assert.SkipWhen(executable is null, Missing);
        return executable;
    }

    private static async Task<WebApplication> ExportAsync(Func<string> exported)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var exporter = builder.Build();
        exporter.MapGet("/metrics", http => http.Response.WriteAsync(exported(), http.RequestAborted));
        await exporter.StartAsync(Cancel);
        return exporter;
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    private async Task ReadyAsync()
    {
        using var http = new HttpClient();
        var since = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(http))
        {
            _process.HasExited.ShouldBeFalse("Prometheus ended while it started");
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancel);
        }
    }

    /// <summary>It has scraped, and answers.</summary>
    private async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            var up = await http.GetStringAsync(new Uri($"{Address}/api/v1/query?query=up==1"), Cancel);
            return up.Contains("\"value\"", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
