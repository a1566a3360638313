namespace DynamicSurplus.Tests.Prometheus;

/// <summary>
/// One Prometheus for the tests of a class, started by the first: it takes 5 s to look for its targets.
/// </summary>
public sealed class PrometheusFixture : IAsyncDisposable
{
    private const string Metrics = """
        gpus_healthy{pool="a",host="1"} 60
        gpus_healthy{pool="a",host="2"} 68
        gpus_running{pool="a",team="x"} 20.5
        gpus_running{pool="a",team="y"} 12
        gpus_queued{pool="a"} 7
        gpu_watts{pool="a",host="1"} 600
        gpu_watts{pool="a",host="2"} 700

        """;

    private PrometheusServer? _server;

    /// <summary>Its base address, once it has scraped a cluster of two hosts and two teams.</summary>
    public async Task<Uri> AddressAsync() => (_server ??= await PrometheusServer.StartAsync(() => Metrics)).Address;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
