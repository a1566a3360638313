using DynamicSurplus.Engine;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Measures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DynamicSurplus.Functions.Tests.Scenarios;

/// <summary>The local host's: a runner over the due table.</summary>
internal sealed class RunnerDriver : ILeaseDriver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new(LeaseScript.Start);
    private readonly InMemoryWakeups _table = new();
    private readonly ServiceProvider _services;
    private readonly LeaseRunner _runner;

    public RunnerDriver()
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<TimeProvider>(_time);
        services.AddMemoryStorage();
        services.AddSingleton(new WakeupTimers(_table, _time));
        services.AddSingleton<IWakeups>(provider => provider.GetRequiredService<WakeupTimers>());
        services.AddEngine(
            new EngineOptions { TickLength = LeaseScript.TickLength },
            new WebhookOptions(new byte[WebhookOptions.MinSecretBytes])
        );
        _services = services.BuildServiceProvider();
        _runner = ActivatorUtilities.CreateInstance<LeaseRunner>(_services);
    }

    public async Task StartAsync()
    {
        await EngineCommands.RegisterFleetAsync(_services);
        await _runner.StartAsync(default);
    }

    public async Task AdvanceAsync(DateTimeOffset to)
    {
        while (_time.GetUtcNow() < to)
        {
            // A tick at a time: the runner, in a thread of its own, sees each.
            _time.Advance(LeaseScript.TickLength.Span);
            await QuietAsync();
        }
    }

    public async Task CommandAsync(LeaseId lease, LeaseCommand command)
    {
        await EngineCommands.RunAsync(_services, lease, command);
        await QuietAsync();
    }

    public Task<IReadOnlyList<LeaseEventEnvelope>> JournalAsync(LeaseId lease) =>
        EngineCommands.JournalAsync(_services, lease);

    /// <summary>Nothing is due any more.</summary>
    private async Task QuietAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await _table.DueAsync(_time.GetUtcNow(), 1, patience.Token)).Count > 0)
        {
            await Task.Delay(1, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.StopAsync(default);
        _runner.Dispose();
        await _services.DisposeAsync();
    }
}
