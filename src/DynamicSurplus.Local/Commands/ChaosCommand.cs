using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Chaos;

namespace DynamicSurplus.Local.Commands;

/// <summary><c>surplus chaos</c>: kills the local host again and again, and proves that nothing was lost.</summary>
internal static class ChaosCommand
{
    private const int MostKills = 10_000;

    public static Command Create()
    {
        var kills = new Option<int>("--kills")
        {
            Description = $"How often to kill it, 1 to {MostKills}. Default: 50.",
            HelpName = "N",
            DefaultValueFactory = _ => 50,
        };
        kills.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is < 1 or > MostKills)
            {
                result.AddError($"--kills takes 1 to {MostKills}.");
            }
        });
        var seed = ArgumentTypes.Seed("Of the kills, the customers and the owner. Default: another each time.");
        var data = ArgumentTypes.NewData();
        var command = new Command(
            "chaos",
            """
            Runs the local host on a storage emulator, with customers who lease and an owner who takes GPUs back, and
            kills it (SIGKILL) at random instants. After each kill the data, and at the end every answer that anybody
            got, are held to what was promised.
            Exit code 0: no violation; 1: violations, each named; 2: an argument cannot be used.

            Example: surplus chaos --kills 50
            """
        )
        {
            kills,
            seed,
            data,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                RunAsync(
                    arguments.GetValue(kills),
                    arguments.GetValue(seed) ?? RandomNumberGenerator.GetInt32(1_000_000),
                    arguments.GetValue(data),
                    arguments.InvocationConfiguration.Output,
                    arguments.InvocationConfiguration.Error,
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        int kills,
        long seed,
        string? data,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        var folder = data ?? Directory.CreateTempSubdirectory("surplus-chaos-").FullName;
        await output.WriteLineAsync($"seed         {seed}");
        var report = await new ChaosRun(folder, kills, seed, error).RunAsync(cancellationToken);
        await output.WriteLineAsync(Text(report));
        foreach (var violation in report.Violations)
        {
            await output.WriteLineAsync($"VIOLATED     {violation}");
        }
        if (data is null && report.Violations.Count == 0)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            await output.WriteLineAsync($"data         {folder}");
        }
        return report.Violations.Count == 0 ? CommandLine.Done : CommandLine.Failed;
    }

    private static string Text(ChaosReport report)
    {
        var leases = report.Audit.Leases;
        var granted = leases.Where(lease => lease.GrantedAt is not null).ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            kills        {report.Kills}, {report.Early} of them while the host started
            requests     {report.Answered} answered; {report.Repeated} tries had no answer, and were repeated
            leases       {leases.Count} quoted, {granted.Count} granted, {granted.Count(
                IsReclaimed
            )} reclaimed, {granted.Count(HasShrunk)} in part
            notices      {report.Audit.Notices.Count(n => n.IsKept)} kept of {report.Audit.Notices.Count}
            money        {report.Audit.Revenue} USD in {report.Audit.Counts.Statements} statements, recomputed
            violations   {report.Violations.Count}
            """
        );
    }

    private static bool HasShrunk(Lease lease) => lease.Gpus < lease.Terms!.Gpus;

    private static bool IsReclaimed(Lease lease) => lease.EndReason == EndReason.Reclaimed;
}
