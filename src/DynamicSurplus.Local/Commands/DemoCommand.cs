using System.CommandLine;
using DynamicSurplus.Local.Demo;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Local.Simulation;
using Spectre.Console;

namespace DynamicSurplus.Local.Commands;

/// <summary><c>surplus demo</c>: the whole product in a minute, on a storage emulator of its own.</summary>
internal static class DemoCommand
{
    /// <summary>Columns of a line where nobody says how wide the output is.</summary>
    private const int RedirectedWidth = 200;

    public static Command Create()
    {
        var speed = ArgumentTypes.Speed(60);
        var length = ArgumentTypes.Duration(
            "--for",
            TimeSpan.FromMinutes(2),
            "How long to show it, from the first rate: 10s to 24h."
        );
        var port = ArgumentTypes.Port(7071);
        var storage = ArgumentTypes.Storage();
        var data = ArgumentTypes.NewData();
        var command = new Command(
            "demo",
            "Eight fleets priced and leased live, reclaims included; then everything is settled and added up.\n"
                + "Example: surplus demo --for 60s --speed 60 --data demo-data"
        )
        {
            speed,
            length,
            port,
            storage,
            data,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                RunAsync(
                    arguments.GetRequiredValue(storage),
                    arguments.GetValue(data),
                    arguments.GetValue(speed),
                    arguments.GetValue(length),
                    arguments.GetValue(port),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        StorageChoice storage,
        string? data,
        double speed,
        TimeSpan length,
        int port,
        CancellationToken cancellationToken
    )
    {
        var folder = data ?? Directory.CreateTempSubdirectory("surplus-demo-").FullName;
        var options = new HostOptions(storage, folder, port, speed)
        {
            Tenants = ["aurora-labs", "boreal-ai", "cirrus-render", "delta-robotics", "ember-bio", "fjord-games"],
            Market = MarketLoad.Medium,
        };
        try
        {
            AnsiConsole.Profile.Width = Console.IsOutputRedirected ? RedirectedWidth : AnsiConsole.Profile.Width;
            await using var host = await CommandHost.CreateAsync(options, cancellationToken);
            var adds = await new DemoRun(host, AnsiConsole.Console, length, seed: 1).RunAsync(cancellationToken);
            if (data is not null && storage is StorageChoice.Azurite)
            {
                AnsiConsole.WriteLine($"The data are in {data}: surplus verify --data {data}");
            }
            return adds ? CommandLine.Done : CommandLine.Failed;
        }
        finally
        {
            if (data is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
