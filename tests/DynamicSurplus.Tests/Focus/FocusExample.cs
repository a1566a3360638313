using DynamicSurplus.Engine.Focus;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Tests.Focus;

/// <summary>A month of two customers with a charge of every kind.</summary>
internal static class FocusExample
{
    public static readonly BillingPeriod Period = new(2026, 11);

    public static readonly IReadOnlyList<FocusLine> Lines =
    [
        Line("acme", LeaseTier.Spot, StatementLineKind.Usage, 14_625, 8, 3601, 11_703_250),
        Line("acme", LeaseTier.Spot, StatementLineKind.Credit, 0, 0, 0, -700_001, "late notice: \"7 s\", by rule"),
        Line("acme", LeaseTier.Spot, StatementLineKind.Correction, 14_625, 1, 7, 2844, "meter read late"),
        Line("globex", LeaseTier.Firm, StatementLineKind.Usage, 18_281, 1, 1, 508),
        Line("globex", LeaseTier.Firm, StatementLineKind.Correction, 18_281, 1, 36, 18_281) with
        {
            Region = null,
        },
    ];

    /// <summary>Sums of the amounts above.</summary>
    public static readonly IReadOnlyDictionary<string, MicroUsd> Invoices = new Dictionary<string, MicroUsd>(
        StringComparer.Ordinal
    )
    {
        ["acme/2026-11"] = new(11_006_093),
        ["globex/2026-11"] = new(18_789),
    };

    public static string Csv(FocusSpecification? specification = null)
    {
        using var text = new StringWriter();
        FocusExport.Write(text, specification ?? FocusSpecification.V12, Lines);
        return text.ToString();
    }

    /// <summary>Rows of cells, the header first; for text whose cells hold no line breaks.</summary>
    public static List<string[]> Cells(string csv)
    {
        using var parser = new CsvHelper.CsvParser(
            new StringReader(csv),
            System.Globalization.CultureInfo.InvariantCulture
        );
        var rows = new List<string[]>();
        while (parser.Read())
        {
            rows.Add(parser.Record!);
        }
        return rows;
    }

    private static FocusLine Line(
        string tenant,
        LeaseTier tier,
        StatementLineKind kind,
        int steps,
        int gpus,
        long seconds,
        long microUsd,
        string? detail = null
    )
    {
        var terms = new LeaseTerms(
            TenantId.Parse(tenant),
            FleetId.Parse("alpha"),
            tier,
            Gpus: 8,
            Term: TimeSpan.FromHours(1),
            Rate.FromSteps(steps),
            MaxRate: null,
            Notice: TimeSpan.FromSeconds(120),
            MinimumRun: TimeSpan.Zero,
            GrantTimeout: TimeSpan.FromMinutes(10)
        );
        var from = Period.Start.AddDays(2);
        var charge = new Charge(
            LeaseId.For(terms.Tenant, "k"),
            terms,
            kind,
            terms.Rate,
            gpus,
            from,
            from.AddSeconds(Math.Max(1, seconds)),
            seconds,
            new(microUsd),
            detail,
            CorrectsPast: kind == StatementLineKind.Correction && tier == LeaseTier.Firm
        );
        return new(charge, Period, "H100", "eu-north-1");
    }
}
