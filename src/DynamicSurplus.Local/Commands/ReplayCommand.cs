using System.CommandLine;
using DynamicSurplus.Local.Replaying;

namespace DynamicSurplus.Local.Commands;

/// <summary><c>surplus replay</c>: recorded telemetry into the running host.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var files = ArgumentTypes.Recordings();
        var data = ArgumentTypes.Data();
        var policy = new Option<FileInfo>("--policy") { Description = "Fleet policy, JSON as in PUT /v1/fleets." };
        policy.AcceptExistingOnly();
        var command = new Command(
            "replay",
            "Registers a fleet for each recording and sends its telemetry to the host that DIR/host.json names, "
                + "stamped with that host's time and at its pace.\n"
                + "Example: surplus replay telemetry/cluster-a.csv.gz --data .surplus"
        )
        {
            files,
            data,
            policy,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                new Replay(Console.Error).RunAsync(
                    arguments.GetRequiredValue(files),
                    arguments.GetRequiredValue(data),
                    arguments.GetValue(policy),
                    cancellationToken
                )
        );
        return command;
    }
}
