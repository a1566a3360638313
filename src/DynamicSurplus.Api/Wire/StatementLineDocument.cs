using DynamicSurplus.Settlement;

namespace DynamicSurplus.Api.Wire;

/// <param name="Amount">Rate × GPUs × seconds, exact, rounded once to a millionth of a dollar.</param>
/// <param name="Kind">Usage, a credit, or a correction made after the settlement.</param>
/// <param name="Gpus">Of a correction 1: its seconds are of one GPU each.</param>
/// <param name="Seconds">Below 0 where a correction takes usage away.</param>
/// <param name="Detail">Why there is a credit or correction.</param>
public sealed record StatementLineDocument(
    StatementLineKind Kind,
    Money RatePerGpuHour,
    int Gpus,
    DateTimeOffset From,
    DateTimeOffset To,
    long Seconds,
    Money Amount,
    string? Detail
);
