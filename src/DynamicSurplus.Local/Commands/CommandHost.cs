using DynamicSurplus.Local.Serving;

namespace DynamicSurplus.Local.Commands;

/// <summary>Brings a host up for a command; without Node it says so and runs in memory.</summary>
internal static class CommandHost
{
    public static async Task<SurplusHost> CreateAsync(HostOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await SurplusHost.CreateAsync(options, Console.Error, cancellationToken);
        }
        catch (AzuriteException exception)
            when (exception.Failure is AzuriteFailure.NodeMissing or AzuriteFailure.InstallFailed)
        {
            await Console.Error.WriteLineAsync($"{exception.Message} Running in memory: nothing will be kept.");
            var inMemory = options with { Storage = new StorageChoice.Memory() };
            return await SurplusHost.CreateAsync(inMemory, Console.Error, cancellationToken);
        }
    }
}
