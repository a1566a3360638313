using System.CommandLine;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Local.Simulation;

namespace DynamicSurplus.Local.Commands;

/// <summary><c>surplus serve</c>: the local host until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var storage = ArgumentTypes.Storage();
        var data = ArgumentTypes.Data();
        var port = ArgumentTypes.Port(7071);
        var speed = ArgumentTypes.Speed(1);
        var market = new Option<MarketLoad?>("--market")
        {
            Description = "Simulated customers: weak, medium or strong. Default: none.",
        };
        var privateWebhooks = new Option<bool>("--allow-private-webhooks")
        {
            Description = "Customers' webhooks may lead to this machine and its network, by plain http too.",
        };
        var command = new Command(
            "serve",
            "The API, the pricing cycle and the lease runner, until Ctrl-C; a restart on the same data goes on.\n"
                + "Example: surplus serve --data .surplus --speed 300 --market medium"
        )
        {
            storage,
            data,
            port,
            speed,
            market,
            privateWebhooks,
        };
        var entra = new EntraArguments();
        entra.AddTo(command);
        var limits = new LimitArguments();
        limits.AddTo(command);
        command.SetAction(
            (arguments, cancellationToken) =>
                RunAsync(
                    limits.Apply(
                        arguments,
                        new HostOptions(
                            arguments.GetRequiredValue(storage),
                            arguments.GetRequiredValue(data),
                            arguments.GetValue(port),
                            arguments.GetValue(speed)
                        )
                        {
                            Market = arguments.GetValue(market),
                            AllowPrivateWebhooks = arguments.GetValue(privateWebhooks),
                            Entra = entra.Read(arguments),
                        }
                    ),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(HostOptions options, CancellationToken cancellationToken)
    {
        await using var host = await CommandHost.CreateAsync(options, cancellationToken);
        var address = await host.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync($"ready: {address} data {Path.GetFullPath(options.DataFolder)}");
        await host.StoppedAsync(cancellationToken);
        return CommandLine.Done;
    }
}
