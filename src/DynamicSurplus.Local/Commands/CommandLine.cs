using System.CommandLine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Local.Serving;

namespace DynamicSurplus.Local.Commands;

/// <summary>How every command ends: 0 done, 1 it ran and the answer is no, 2 the arguments cannot be used.</summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misused = 2;

    /// <summary>Stopped by Ctrl-C or a signal before it was done, as shells count it.</summary>
    public const int Interrupted = 130;

    /// <summary>From the signal to the end: leases are journalled, and the emulator saves what it holds.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return await InvokeAsync(parsed);
        }
        foreach (var error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync($"surplus: {error.Message}");
        }
        await Console.Error.WriteLineAsync($"See 'surplus {parsed.CommandResult.Command.Name} --help'.");
        return Misused;
    }

    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = StopWithin,
        };
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (Exception exception)
            when (exception is AzuriteException or ClockException or IOException or UnavailableException)
        {
            // A port or a folder in use, an emulator that does not start: the message says what to do.
            await Console.Error.WriteLineAsync($"surplus: {exception.Message}");
            return Misused;
        }
    }
}
