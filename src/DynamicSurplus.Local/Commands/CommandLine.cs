using System.CommandLine;

namespace DynamicSurplus.Local.Commands;

/// <summary>How every command ends: 0 done, 1 it ran and the answer is no, 2 the arguments cannot be used.</summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misused = 2;

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        foreach (var error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync($"surplus: {error.Message}");
        }
        await Console.Error.WriteLineAsync($"See 'surplus {parsed.CommandResult.Command.Name} --help'.");
        return Misused;
    }
}
