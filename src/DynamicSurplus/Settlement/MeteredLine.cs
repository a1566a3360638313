using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>A usage line on the grid of its lease's whole seconds, to be cut at any instant.</summary>
/// <param name="Start">Where its first billed second begins; a whole second.</param>
internal sealed record MeteredLine(StatementLine Line, DateTimeOffset Start)
{
    /// <summary>
    /// The usage lines of a statement. Their seconds are counted from the first one's start, as the meter counts them,
    /// so that each line begins where the one before ends.
    /// </summary>
    public static IReadOnlyList<MeteredLine> Of(LeaseStatement statement)
    {
        var lines = new List<MeteredLine>();
        foreach (var line in statement.Lines.Where(line => line.Kind == StatementLineKind.Usage))
        {
            var handedOver = lines.Count == 0 ? line.From : lines[0].Line.From;
            var seconds = (line.From - handedOver).Ticks / TimeSpan.TicksPerSecond;
            lines.Add(new(line, WholeSecond(handedOver).AddSeconds(seconds)));
        }
        return lines;
    }

    /// <summary>Billed seconds that begin before an instant.</summary>
    /// <param name="instant">A whole second.</param>
    public long SecondsTo(DateTimeOffset instant) =>
        Math.Clamp((instant - Start).Ticks / TimeSpan.TicksPerSecond, 0, Line.Seconds);

    /// <summary>What its first seconds cost, rounded.</summary>
    public MicroUsd Cost(long seconds) =>
        seconds == Line.Seconds ? Line.Amount : StatementAmount.Of([new(Line.Rate, Line.Gpus, seconds)]);

    public static DateTimeOffset WholeSecond(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
}
