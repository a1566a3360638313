using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using DynamicSurplus.Local.Benchmarking;

namespace DynamicSurplus.Local.Commands;

/// <summary>
/// <c>surplus bench kernel</c>: how fast this machine prices fleets, beside how fast it moves memory.
/// </summary>
public static class BenchKernelCommand
{
    private const int DefaultFleets = 65_536;
    private const int MostFleets = 1 << 24;

    public static Command Create()
    {
        var fleets = new Option<int>("--fleets")
        {
            Description = $"Fleets to price, 1 to {MostFleets}.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultFleets,
            CustomParser = ParseFleets,
        };
        var json = new Option<bool>("--json") { Description = "Print a JSON object." };
        var command = new Command(
            "kernel",
            """
            Times the vectorized pricing function on one thread, and in the same run a triad (a[i] = b[i] + s * c[i])
            over as many bytes. Medians of 31 passes.

            Example: surplus bench kernel --fleets 65536 --json
            """
        )
        {
            fleets,
            json,
        };
        command.SetAction(parsed =>
        {
            var figures = KernelFigures.Measure(parsed.GetValue(fleets));
            parsed.InvocationConfiguration.Output.WriteLine(
                parsed.GetValue(json)
                    ? JsonSerializer.Serialize(figures, FiguresJson.Default.KernelFigures)
                    : Text(figures)
            );
            return 0;
        });
        return command;
    }

    private static int ParseFleets(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        var isCount = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        if (!isCount || count is < 1 or > MostFleets)
        {
            argument.AddError(
                $"--fleets '{text}': give a whole number from 1 to {MostFleets}, such as {DefaultFleets}."
            );
        }
        return count;
    }

    private static string Text(KernelFigures figures) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            fleets             {figures.Fleets, 14:N0}
            fleets/s           {figures.FleetsPerSecond, 14:N0}
            GB/s               {figures.GigabytesPerSecond, 14:N1}
            GB/s of a triad    {figures.TriadGigabytesPerSecond, 14:N1}
            allocated per tick {figures.AllocatedBytesPerTick, 14:N0} bytes
            """
        );
}
