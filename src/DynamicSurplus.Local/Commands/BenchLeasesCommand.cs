using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DynamicSurplus.Local.Benchmarking;
using DynamicSurplus.Local.Serving;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Local.Commands;

/// <summary>
/// <c>surplus bench leases</c>: how long customers wait for a lease, beside one write to the storage.
/// </summary>
internal static class BenchLeasesCommand
{
    private const double DefaultRequestsPerSecond = 50;
    private const double MostRequestsPerSecond = 10_000;
    private const double WritesPerSecond = 25;

    public static Command Create()
    {
        var rate = new Option<double>("--rate")
        {
            Description = $"HTTP requests per second, two a lease: 2 to {MostRequestsPerSecond:F0}.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultRequestsPerSecond,
        };
        rate.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<double>();
            if (!(value >= 2 && value <= MostRequestsPerSecond))
            {
                result.AddError($"--rate {value} is outside 2 to {MostRequestsPerSecond:F0}.");
            }
        });
        var length = ArgumentTypes.Duration(
            "--for",
            TimeSpan.FromSeconds(30),
            "How long to measure, after 10 s of warm-up: 1s to 24h."
        );
        var storage = ArgumentTypes.Storage();
        var json = new Option<bool>("--json") { Description = "Print a JSON object." };
        var command = new Command(
            "leases",
            """
            Customers come at random instants, ask a host of its own for a quote over HTTP and accept it; between them
            come single writes to the same storage. Times count from when a customer wanted to ask.

            Example: surplus bench leases --rate 50 --for 30s --json
            """
        )
        {
            rate,
            length,
            storage,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var load = new LeaseLoadOptions(parsed.GetValue(rate) / 2, WritesPerSecond, parsed.GetValue(length));
                var figures = await MeasureAsync(parsed.GetRequiredValue(storage), load, cancellationToken);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    parsed.GetValue(json)
                        ? JsonSerializer.Serialize(figures, FiguresJson.Default.LeaseFigures)
                        : Text(figures)
                );
                return figures.Refused == 0 ? CommandLine.Done : CommandLine.Failed;
            }
        );
        return command;
    }

    private static async Task<LeaseFigures> MeasureAsync(
        StorageChoice storage,
        LeaseLoadOptions load,
        CancellationToken cancellationToken
    )
    {
        var folder = Directory.CreateTempSubdirectory("surplus-bench-").FullName;
        try
        {
            var tenants = Enumerable.Range(0, 50).Select(n => $"customer-{n}").ToArray();
            var options = new HostOptions(storage, folder, Port: 0, Speed: 1)
            {
                Tenants = tenants,
                LogLevel = LogLevel.None,
            };
            await using var host = await SurplusHost.CreateAsync(options, Console.Error, cancellationToken);
            return await new LeaseLoad(host, load).RunAsync(cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Text(LeaseFigures figures) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            requests/s         {figures.RequestsPerSecond, 10:N0}
            leases             {figures.Leases, 10:N0}, {figures.Refused} refused
            quote to lease p50 {figures.LeaseMedianMilliseconds, 10:N1} ms
            quote to lease p99 {figures.LeaseP99Milliseconds, 10:N1} ms
            writes             {figures.Writes, 10:N0}
            one write p50      {figures.WriteMedianMilliseconds, 10:N1} ms
            one write p99      {figures.WriteP99Milliseconds, 10:N1} ms
            ratio of the p99   {figures.Ratio, 10:N1}
            """
        );
}
