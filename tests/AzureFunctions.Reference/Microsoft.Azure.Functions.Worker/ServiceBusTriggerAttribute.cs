namespace Microsoft.Azure.Functions.Worker;

[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ServiceBusTriggerAttribute(string queueName) : Attribute
{
    public string? QueueName { get; } = queueName;

    public string? Connection { get; set; }

    public bool IsSessionsEnabled { get; set; }

    public bool IsBatched { get; set; }

    public bool AutoCompleteMessages { get; set; } = true;
}
