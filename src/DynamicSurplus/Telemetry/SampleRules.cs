using DynamicSurplus.Measures;

namespace DynamicSurplus.Telemetry;

/// <summary>Which samples count. Each is judged alone: one that is refused takes no other with it.</summary>
public static class SampleRules
{
    /// <summary>Most GPUs, or watts per GPU, that are believed: the largest fleets have some 100,000 GPUs.</summary>
    public const double MaxValue = 10_000_000;

    /// <summary>
    /// Most running GPUs per healthy one: leaves room for GPUs that fail under their jobs, not for a mixed-up unit.
    /// </summary>
    public const double MaxRunningPerHealthy = 10;

    /// <summary>Times before this are a broken clock or a mixed-up unit, not telemetry.</summary>
    public static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What is wrong with a sample, or null where it counts. Its fleet is not looked at.</summary>
    /// <param name="latest">
    /// The latest time that is believed: the clock's, and an allowance for the sender's being fast.
    /// </param>
    public static FieldError? Check(in Sample sample, DateTimeOffset latest) =>
        Time(sample.At, latest)
        ?? Gpus("healthy", sample.Healthy)
        ?? Gpus("running", sample.Running)
        ?? Gpus("queued", sample.Queued)
        ?? RunningPerHealthy(sample.Running, sample.Healthy)
        ?? (sample.Watts is { } watts ? WattsPerGpu(watts) : null);

    private static FieldError? Time(DateTimeOffset at, DateTimeOffset latest) =>
        at < Earliest ? new("at", $"{at:O} is before the year 2000", "send the time of measurement, ISO-8601 in UTC")
        : at > latest
            ? new("at", $"{at:O} is in the future: after {latest:O}", "set the sender's clock, and send times in UTC")
        : null;

    // Comparisons are written so that NaN, for which each is false, is refused.
    private static FieldError? Gpus(string field, double value) =>
        value >= 0 && value <= MaxValue
            ? null
            : new(field, $"{value} is {Wrong(value)}", $"send GPUs as a number from 0 to {MaxValue}");

    private static FieldError? RunningPerHealthy(double running, double healthy) =>
        running <= MaxRunningPerHealthy * healthy
            ? null
            : new(
                "running",
                $"{running} is more than {MaxRunningPerHealthy} × healthy ({healthy})",
                "send both in GPUs, of the same fleet at the same time"
            );

    private static FieldError? WattsPerGpu(double value) =>
        value > 0 && value <= MaxValue
            ? null
            : new(
                "watts",
                $"{value} is {(value == 0 ? "not above 0" : Wrong(value))}",
                $"send the watts of one running GPU, above 0 and at most {MaxValue}, or leave the member out"
            );

    private static string Wrong(double value) =>
        !double.IsFinite(value) ? "not finite"
        : value < 0 ? "negative"
        : $"above {MaxValue}";
}
