using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DynamicSurplus.Local.ModelChecking;

namespace DynamicSurplus.Local.Commands;

/// <summary><c>surplus check-model FILE</c>: the product's arithmetic against cases of the reference model.</summary>
public static class CheckModelCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE")
        {
            Description = "Cases as 'python3 reference.py golden SEED N' writes them, such as golden.json.",
        };
        var command = new Command(
            "check-model",
            """
            Checks the pricing, risk, reclaim and billing arithmetic against the reference model's cases.
            Exit code 0: all agree; 1: a result is further off than its limit; 2: the file cannot be used.

            Example: surplus check-model tests/DynamicSurplus.Tests/Golden/golden.json
            """
        )
        {
            file,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    parsed.GetRequiredValue(file),
                    parsed.InvocationConfiguration.Output,
                    parsed.InvocationConfiguration.Error,
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo file,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<CheckTally> tallies;
        try
        {
            tallies = ModelCheck.Run(await ReadAsync(file, cancellationToken));
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            await error.WriteLineAsync($"surplus: {file}: {Explain(exception)}");
            return CommandLine.Misused;
        }
        await output.WriteLineAsync($"{"function", -22}{"cases", 8}{"worst error", 14}{"limit", 9}");
        foreach (var tally in tallies)
        {
            await output.WriteLineAsync(Line(tally));
        }
        return tallies.All(tally => tally.Passes) ? CommandLine.Done : CommandLine.Failed;
    }

    private static async Task<ModelCases> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        await using var stream = file.OpenRead();
        var cases = await JsonSerializer.DeserializeAsync(stream, ModelCasesJson.Default.ModelCases, cancellationToken);
        return cases switch
        {
            null => throw new FormatException("$: give an object, not null."),
            { Count: 0 } => throw new FormatException("$: there is no case in it."),
            _ => cases,
        };
    }

    private static string Explain(Exception exception) =>
        exception switch
        {
            FileNotFoundException or DirectoryNotFoundException => "there is no such file.",
            UnauthorizedAccessException => "it cannot be read: it is no file, or not yours to read.",
            JsonException json =>
                $"{json.Path ?? "$"}, line {json.LineNumber + 1}, byte {json.BytePositionInLine}: {Reason(json)}",
            _ => exception.Message,
        };

    /// <summary>The message without the place that the serializer appends to most of them.</summary>
    private static string Reason(JsonException exception) => exception.Message.Split(" Path: ")[0];

    private static string Line(CheckTally tally)
    {
        var limit = tally.Limit > 0 ? tally.Limit.ToString("0e0", CultureInfo.InvariantCulture) : "equal";
        var verdict = tally.Passes ? "ok" : $"BEYOND at {tally.WorstPlace}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{tally.Name, -22}{tally.Cases, 8}{tally.WorstError, 14:0.0e+0}{limit, 9}  {verdict}"
        );
    }
}
