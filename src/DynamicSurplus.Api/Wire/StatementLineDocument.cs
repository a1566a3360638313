namespace DynamicSurplus.Api.Wire;

/// <param name="Amount">Rate × GPUs × seconds, exact, rounded once to a millionth of a dollar.</param>
public sealed record StatementLineDocument(
    Money RatePerGpuHour,
    int Gpus,
    DateTimeOffset From,
    DateTimeOffset To,
    long Seconds,
    Money Amount
);
