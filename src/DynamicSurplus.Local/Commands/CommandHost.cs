using DynamicSurplus.Local.Serving;

namespace DynamicSurplus.Local.Commands;

/// <summary>Brings a host up for a command; without Node it says so and runs in memory.</summary>
internal static class CommandHost
{
    public static async Task<SurplusHost> CreateAsync(HostOptions options, CancellationToken cancellationToken)
    {
        var progress = new LineProgress(Console.Error);
        try
        {
            return await SurplusHost.CreateAsync(options, progress, cancellationToken);
        }
        catch (AzuriteException exception)
            when (exception.Failure is AzuriteFailure.NodeMissing or AzuriteFailure.InstallFailed)
        {
            progress.Report($"{exception.Message} Running in memory: nothing will be kept.");
            var inMemory = options with { Storage = new StorageChoice.Memory() };
            return await SurplusHost.CreateAsync(inMemory, progress, cancellationToken);
        }
    }

    /// <summary>Writes each report as a line, at once and in order.</summary>
    private sealed class LineProgress(TextWriter writer) : IProgress<string>
    {
        public void Report(string value) => writer.WriteLine(value);
    }
}
