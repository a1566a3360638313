using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DynamicSurplus.Functions.Tests.Durable;

/// <summary>The client of a <see cref="FakeTaskHub"/>; it can be out of order.</summary>
internal sealed class FakeDurableClient(FakeTaskHub hub) : DurableTaskClient("fake")
{
    /// <summary>Calls that fail before the next one succeeds; int.MaxValue: all of them.</summary>
    public int Failing { get; set; }

    public PurgeInstancesFilter? Purged { get; private set; }

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        Pass(cancellation);
        hub.Start(options!.InstanceId!, orchestratorName.Name, input);
        return Task.FromResult(options.InstanceId!);
    }

    public override Task RaiseEventAsync(
        string instanceId,
        string eventName,
        object? eventPayload = null,
        CancellationToken cancellation = default
    )
    {
        Pass(cancellation);
        hub.Raise(instanceId, eventName, eventPayload);
        return Task.CompletedTask;
    }

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter,
        CancellationToken cancellation
    )
    {
        Pass(cancellation);
        Purged = filter;
        return Task.FromResult(new PurgeResult(0));
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(
        string instanceId,
        string? reason = null,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public override Task ResumeInstanceAsync(
        string instanceId,
        string? reason = null,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Pass(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Failing > 0)
        {
            Failing -= Failing == int.MaxValue ? 0 : 1;
            throw new HttpRequestException("The hub does not answer.");
        }
    }
}
