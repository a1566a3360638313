namespace Microsoft.Azure.Functions.Worker;

[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class QueueOutputAttribute(string queueName) : Attribute
{
    public string QueueName { get; } = queueName;

    public string? Connection { get; set; }
}
