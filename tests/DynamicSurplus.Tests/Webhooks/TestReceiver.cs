using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DynamicSurplus.Tests.Webhooks;

/// <summary>A real server on this machine, which keeps what it is sent.</summary>
internal sealed class TestReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _connections;

    private TestReceiver(WebApplication app) => _app = app;

    public Uri Address =>
        new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Status, and where it sends to.</summary>
    public (int Status, string? Location) Answer { get; set; } = (200, null);

    /// <summary>Takes requests, and says nothing to them.</summary>
    public bool Hang { get; set; }

    public ConcurrentQueue<(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)> Requests { get; } =
    [];

    public int Connections => _connections;

    public static async Task<TestReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        TestReceiver? receiver = null;
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                System.Net.IPAddress.Loopback,
                0,
                end =>
                    end.Use(next =>
                    {
                        return connection =>
                        {
                            Interlocked.Increment(ref receiver!._connections);
                            return next(connection);
                        };
                    })
            )
        );
        builder.Logging.ClearProviders();
        var app = builder.Build();
        receiver = new(app);
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            receiver.Requests.Enqueue(
                (
                    http.Request.Path,
                    http.Request.Headers.ToDictionary(
                        header => header.Key,
                        header => header.Value.ToString(),
                        StringComparer.OrdinalIgnoreCase
                    ),
                    body.ToArray()
                )
            );
            if (receiver.Hang)
            {
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            }
            http.Response.StatusCode = receiver.Answer.Status;
            http.Response.Headers.Location = receiver.Answer.Location;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
