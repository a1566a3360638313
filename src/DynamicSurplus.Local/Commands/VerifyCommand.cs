using System.CommandLine;
using System.Globalization;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Local.Serving;

namespace DynamicSurplus.Local.Commands;

/// <summary><c>surplus verify</c>: what a data folder holds, proved while no host runs on it.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var storage = ArgumentTypes.Storage();
        var data = ArgumentTypes.Data();
        var command = new Command(
            "verify",
            """
            Proves what a data folder holds, while no host runs on it: every row of every lease's journal as it was
            written, the chain of its events, its effects, its statement; views, reservations, books and wake-ups
            against the journals; the owner's ledger against all of them.
            Exit code 0: all agrees; 1: not, and the first divergence is named; 2: an argument or the folder cannot be
            used.

            Example: surplus verify --data .surplus
            """
        )
        {
            storage,
            data,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                RunAsync(
                    arguments.GetRequiredValue(storage),
                    arguments.GetRequiredValue(data),
                    arguments.InvocationConfiguration.Output,
                    arguments.InvocationConfiguration.Error,
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        StorageChoice storage,
        string folder,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        if (storage is StorageChoice.Memory || HostFile.Find(folder) is not { } host)
        {
            await error.WriteLineAsync(
                storage is StorageChoice.Memory
                    ? "surplus: what was kept in memory is gone: --storage takes azurite or a connection string."
                    : $"surplus: --data {folder} has no {HostFile.Name}: name the folder of a host that ran."
            );
            return CommandLine.Misused;
        }
        var findings = new List<Divergence>();
        try
        {
            await using var opened = await HostStorage.OpenAsync(new(storage, folder, 0, 1), error, cancellationToken);
            findings.AddRange(opened.IsOnDisk ? AzuriteJournalFile.Check(folder) : []);
            await using var books = await StoredBooks.OpenAsync(opened, host, cancellationToken);
            var report = await books.AuditAsync(cancellationToken);
            findings.AddRange(report.Findings);
            await output.WriteLineAsync(Text(report));
            if (findings.Count == 0)
            {
                var ledger = await books.CheckLedgerAsync(cancellationToken);
                findings.AddRange(ledger.Findings);
                await output.WriteLineAsync(Text(ledger));
            }
        }
        catch (AzuriteException exception) when (exception.Failure == AzuriteFailure.StartFailed)
        {
            // What the emulator cannot read is altered too: the file says where.
            findings.AddRange(AzuriteJournalFile.Check(folder));
            if (findings.Count == 0)
            {
                throw;
            }
        }
        await output.WriteLineAsync(
            findings switch
            {
                [] => "verified      no divergence",
                [var only] => $"DIVERGES      {only}",
                [var first, ..] => $"DIVERGES      {first}; and {findings.Count - 1} more",
            }
        );
        return findings.Count == 0 ? CommandLine.Done : CommandLine.Failed;
    }

    private static string Text(LedgerReport ledger) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"ledger        {ledger.Periods} months of {ledger.Leases} leases and {ledger.Records} ticks: debits = "
                + $"credits = {ledger.Debits} USD"
        );

    private static string Text(AuditReport report)
    {
        var counts = report.Counts;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            journals      {counts.Leases} leases, {counts.Events} events: rows as sealed, chained without a gap
            effects       {counts.PendingEffects} pending, as their events ask for them
            statements    {counts.Statements} settled, recomputed from the events: {report.Revenue} USD
            views         {counts.Views} as their journals make them
            books         {counts.Fleets} fleets, {counts.Reservations} reservations: {report.TakenGpus} GPUs taken
            wake-ups      {counts.Wakeups} scheduled; each live lease has one
            """
        );
    }
}
