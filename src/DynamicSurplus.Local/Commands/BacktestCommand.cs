using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DynamicSurplus.Local.Backtesting;
using DynamicSurplus.Local.Simulation;

namespace DynamicSurplus.Local.Commands;

/// <summary><c>surplus backtest FILE…</c>: recorded fleets through the engine, with synthetic outside demand.</summary>
public static class BacktestCommand
{
    public static Command Create()
    {
        var files = ArgumentTypes.Recordings();
        var policy = new Option<FileInfo>("--policy")
        {
            Description = "JSON object of a fleet policy's members; the rest takes its default, the ceiling 1.",
            HelpName = "P.json",
        };
        policy.AcceptExistingOnly();
        var market = new Option<string>("--market")
        {
            Description = "Load of the synthetic market.",
            DefaultValueFactory = _ => "medium",
        };
        market.AcceptOnlyFromAmong("weak", "medium", "strong");
        var seed = new Option<long>("--seed")
        {
            Description = "Seed of the synthetic market, a whole number.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
            CustomParser = ParseSeed,
        };
        var json = new Option<string?>("--json") { Description = "File for the figures as JSON.", HelpName = "OUT" };
        var command = new Command(
            "backtest",
            """
            Takes recorded fleets through the engine on a virtual clock: what leasing would have earned, and cost.
            Outside demand is SYNTHETIC. The same seed gives the same bytes.
            Exit code 0: done; 1: stopped, or OUT cannot be written; 2: an argument or a file cannot be used.

            Example: surplus backtest fleet-a.csv.gz fleet-b.csv.gz --market medium --seed 7 --json figures.json
            """
        )
        {
            files,
            policy,
            market,
            seed,
            json,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(
                        parsed.GetRequiredValue(files).Select(file => file.ToString()).ToList(),
                        parsed.GetValue(policy),
                        Enum.Parse<MarketLoad>(parsed.GetRequiredValue(market), ignoreCase: true),
                        parsed.GetValue(seed),
                        parsed.GetValue(json)
                    ),
                    parsed.InvocationConfiguration.Output,
                    TextWriter.Synchronized(parsed.InvocationConfiguration.Error),
                    cancellationToken
                )
        );
        return command;
    }

    private static long ParseSeed(ArgumentResult parsed)
    {
        var text = parsed.Tokens[0].Value;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed))
        {
            parsed.AddError($"--seed '{text}' is no whole number of 64 bits: give one, such as 7.");
        }
        return seed;
    }

    private static async Task<int> RunAsync(
        Arguments arguments,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        BacktestOptions options;
        IReadOnlyList<FleetTrace> traces;
        try
        {
            RequireDirectoryOf(arguments.Json);
            var policy = PolicyFile.Read(arguments.Policy, BacktestOptions.UnitCeiling);
            options = new(policy, arguments.Market, arguments.Seed);
            traces = TraceFiles.Read(arguments.Files, FleetBacktest.Length, error.WriteLine, cancellationToken);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await error.WriteLineAsync($"surplus: {exception.Message}");
            return CommandLine.Misused;
        }
        try
        {
            var report = Backtest.Run(traces, options, Progress, cancellationToken);
            await output.WriteAsync(BacktestTable.Of(report));
            if (arguments.Json is { } path)
            {
                await File.WriteAllBytesAsync(path, BacktestDocument.Of(report).ToJson(), cancellationToken);
            }
            return CommandLine.Done;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            await error.WriteLineAsync($"surplus: {exception.Message}");
            return CommandLine.Failed;
        }

        void Progress(int tenths) => error.WriteLine($"surplus: {tenths * 10} % of the ticks are done");
    }

    /// <exception cref="IOException">The file's directory is not there, or the file is one.</exception>
    private static void RequireDirectoryOf(string? path)
    {
        if (
            path is not null
            && (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        )
        {
            throw new IOException($"--json {path}: expected a file in a directory that exists.");
        }
    }

    private sealed record Arguments(
        IReadOnlyList<string> Files,
        FileInfo? Policy,
        MarketLoad Market,
        long Seed,
        string? Json
    );
}
