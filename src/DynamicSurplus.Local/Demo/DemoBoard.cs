using System.Diagnostics;
using System.Globalization;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Pricing;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace DynamicSurplus.Local.Demo;

/// <summary>The live table of the demo; where the output is no terminal, a line every ten seconds.</summary>
internal sealed class DemoBoard(IAnsiConsole console, IServiceProvider services)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);

    private string _news = "";

    /// <summary>
    /// Shows until <paramref name="length"/> after the first rate, doing the given things on the way.
    /// </summary>
    public async Task ShowAsync(
        TimeSpan length,
        IReadOnlyList<(TimeSpan At, Func<CancellationToken, Task<string>> Do)> agenda,
        CancellationToken cancellationToken
    )
    {
        var watch = Stopwatch.StartNew();
        while ((await BookAsync(cancellationToken)).Index.Count == 0)
        {
            await Task.Delay(20, cancellationToken);
        }
        console.WriteLine($"First rate served after {watch.Elapsed.TotalSeconds:F2} s");
        watch.Restart();
        if (console.Profile.Capabilities.Interactive)
        {
            await console
                .Live(await TableAsync(watch.Elapsed, cancellationToken))
                .StartAsync(async live =>
                    await LoopAsync(
                        watch,
                        length,
                        agenda,
                        Refresh,
                        async () => live.UpdateTarget(await TableAsync(watch.Elapsed, cancellationToken)),
                        cancellationToken
                    )
                );
        }
        else
        {
            await LoopAsync(
                watch,
                length,
                agenda,
                LineEvery,
                () => LineAsync(watch.Elapsed, cancellationToken),
                cancellationToken
            );
        }
    }

    private async Task LoopAsync(
        Stopwatch watch,
        TimeSpan length,
        IReadOnlyList<(TimeSpan At, Func<CancellationToken, Task<string>> Do)> agenda,
        TimeSpan every,
        Func<Task> show,
        CancellationToken cancellationToken
    )
    {
        var (next, shown) = (0, TimeSpan.Zero);
        while (watch.Elapsed < length)
        {
            if (next < agenda.Count && watch.Elapsed >= agenda[next].At)
            {
                _news = await agenda[next++].Do(cancellationToken);
                if (!console.Profile.Capabilities.Interactive)
                {
                    console.WriteLine($"{watch.Elapsed.TotalSeconds, 5:F0} s  {_news}");
                }
            }
            if (watch.Elapsed - shown >= every)
            {
                shown = watch.Elapsed;
                await show();
            }
            await Task.Delay(100, cancellationToken);
        }
    }

    private async Task<RateBook> BookAsync(CancellationToken cancellationToken) =>
        await services.GetRequiredService<RateBooks>().CurrentAsync(0, cancellationToken);

    private async Task<Table> TableAsync(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var book = await BookAsync(cancellationToken);
        var table = new Table().Border(TableBorder.Rounded);
        table.Title($"{book.Tick.Start:u} · {elapsed:mm\\:ss}").Caption(Markup.Escape(_news));
        table.AddColumns("fleet", "GPUs", "utilization", "slice", "USD/GPU-h", "leased", "effective");
        foreach (var (entry, sold) in await LinesAsync(book, cancellationToken))
        {
            table.AddRow(
                entry.Fleet.ToString(),
                Number(entry.Capacity),
                Share(entry.Running, entry.Capacity),
                $"{SurplusSlice.Whole(entry.FirmSlice)}/{SurplusSlice.Whole(entry.TotalSlice)}",
                entry.Spot.ToString(),
                $"{sold.ActiveFirm}f {sold.ActiveSpot}s {sold.InNotice}n",
                Share(entry.Running + sold.Leased, entry.Capacity)
            );
        }
        return table;
    }

    private async Task LineAsync(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var lines = await LinesAsync(await BookAsync(cancellationToken), cancellationToken);
        var capacity = lines.Sum(l => l.Entry.Capacity);
        console.WriteLine(
            $"{elapsed.TotalSeconds, 5:F0} s  "
                + $"internal {Share(lines.Sum(l => l.Entry.Running), capacity)}, "
                + $"effective {Share(lines.Sum(l => l.Entry.Running + l.Sold.Leased), capacity)}, "
                + $"leased {lines.Sum(l => l.Sold.Leased)} GPUs, in notice {lines.Sum(l => l.Sold.InNotice)}, "
                + $"rates {lines.Min(l => l.Entry.Spot)} to {lines.Max(l => l.Entry.Spot)} USD"
        );
    }

    private async Task<(RateEntry Entry, CapacityBook Sold)[]> LinesAsync(
        RateBook book,
        CancellationToken cancellationToken
    )
    {
        var books = services.GetRequiredService<ICapacityBooks>();
        return await Task.WhenAll(
            book.Entries.Select(async e => (e, (await books.ReadAsync(e.Fleet, cancellationToken)).Book))
        );
    }

    private static string Share(double part, double whole) =>
        whole <= 0 ? "–" : (100 * Math.Min(1, part / whole)).ToString("F1", CultureInfo.InvariantCulture) + " %";

    private static string Number(double value) => value.ToString("F0", CultureInfo.InvariantCulture);
}
