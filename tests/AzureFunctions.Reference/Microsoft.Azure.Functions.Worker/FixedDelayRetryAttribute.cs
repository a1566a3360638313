namespace Microsoft.Azure.Functions.Worker;

[AttributeUsage(AttributeTargets.Method)]
public sealed class FixedDelayRetryAttribute(int maxRetryCount, string delayInterval) : Attribute;
