using DynamicSurplus.Engine.Focus;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Focus;

public sealed class FocusValidatorTests
{
    /// <summary>Row 2 is usage, row 3 a credit, row 6 a correction of a past month.</summary>
    [Theory]
    [InlineData(2, "BilledCost", "")]
    [InlineData(2, "BilledCost", "+1.5")]
    [InlineData(2, "BilledCost", "1,5")]
    [InlineData(2, "BilledCost", "$1.5")]
    [InlineData(2, "BilledCost", "01.5")]
    [InlineData(2, "BilledCost", "1e3")]
    [InlineData(2, "BilledCost", "1E+3")]
    [InlineData(2, "BillingAccountId", "")]
    [InlineData(2, "BillingAccountId", "  ")]
    [InlineData(2, "BillingAccountName", "N/A")]
    [InlineData(2, "BillingAccountType", "")]
    [InlineData(2, "BillingCurrency", "usd")]
    [InlineData(2, "BillingCurrency", "Dollars")]
    [InlineData(2, "BillingPeriodStart", "2026-11-01")]
    [InlineData(2, "BillingPeriodStart", "2026-11-01 00:00:00Z")]
    [InlineData(2, "BillingPeriodStart", "2026-11-01T00:00:00+00:00")]
    [InlineData(2, "BillingPeriodStart", "2026-11-01T00:00:00.000Z")]
    [InlineData(2, "BillingPeriodStart", "2026-11-31T00:00:00Z")]
    [InlineData(2, "BillingPeriodEnd", "2026-11-01T00:00:00Z")]
    [InlineData(2, "CapacityReservationStatus", "Used")]
    [InlineData(2, "ChargeCategory", "usage")]
    [InlineData(2, "ChargeCategory", "")]
    [InlineData(2, "ChargeCategory", "Credit")]
    [InlineData(2, "ChargeCategory", "Tax")]
    [InlineData(2, "ChargeCategory", "Purchase")]
    [InlineData(2, "ChargeClass", "correction")]
    [InlineData(2, "ChargeFrequency", "Hourly")]
    [InlineData(2, "ChargePeriodEnd", "2026-11-03T00:00:00Z")]
    [InlineData(2, "CommitmentDiscountId", "commitment")]
    [InlineData(2, "CommitmentDiscountCategory", "Spend")]
    [InlineData(2, "CommitmentDiscountStatus", "Unused")]
    [InlineData(2, "ConsumedQuantity", "")]
    [InlineData(2, "ConsumedUnit", "")]
    [InlineData(2, "ConsumedUnit", "gpu seconds")]
    [InlineData(2, "ContractedCost", "11.8")]
    [InlineData(2, "ContractedUnitPrice", "")]
    [InlineData(2, "ContractedUnitPrice", "-1.4625")]
    [InlineData(2, "EffectiveCost", "")]
    [InlineData(2, "InvoiceIssuerName", "")]
    [InlineData(2, "ListCost", "11.703251")]
    [InlineData(2, "ListUnitPrice", "")]
    [InlineData(2, "PricingCategory", "")]
    [InlineData(2, "PricingCategory", "Spot")]
    [InlineData(2, "PricingCurrency", "")]
    [InlineData(2, "PricingCurrencyEffectiveCost", "")]
    [InlineData(2, "PricingQuantity", "")]
    [InlineData(2, "PricingQuantity", "8")]
    [InlineData(2, "PricingUnit", "")]
    [InlineData(2, "ProviderName", "")]
    [InlineData(2, "RegionId", "")]
    [InlineData(2, "RegionName", "")]
    [InlineData(2, "RegionName", "Elsewhere")]
    [InlineData(2, "ResourceId", "")]
    [InlineData(2, "ResourceType", "")]
    [InlineData(2, "ServiceCategory", "GPU")]
    [InlineData(2, "ServiceCategory", "Storage")]
    [InlineData(2, "ServiceSubcategory", "Block Storage")]
    [InlineData(2, "SkuId", "")]
    [InlineData(2, "SkuId", "B200")]
    [InlineData(2, "SkuPriceId", "")]
    [InlineData(2, "SkuPriceDetails", "H100")]
    [InlineData(2, "SkuPriceDetails", "[1]")]
    [InlineData(2, "SkuPriceDetails", "{\"GpuCount\":\"one\"}")]
    [InlineData(2, "SkuPriceDetails", "{\"LeaseTier\":\"spot\"}")]
    [InlineData(2, "SubAccountName", "team")]
    [InlineData(2, "Tags", "{\"a\":{}}")]
    [InlineData(2, "Tags", "{\"a\":1,\"a\":2}")]
    [InlineData(3, "ConsumedQuantity", "1")]
    [InlineData(3, "EffectiveCost", "-0.7")]
    [InlineData(3, "ListCost", "0")]
    [InlineData(3, "ContractedCost", "0.700001")]
    public void A_cell_that_breaks_the_specification_is_found(int row, string column, string value)
    {
        var findings = Validate(Mutated(row, column, value));

        findings.ShouldNotBeEmpty();
        findings.ShouldAllBe(finding => finding.Row >= row);
    }

    [Theory]
    [InlineData(2, "BilledCost", "117.0325E-1")]
    [InlineData(2, "AvailabilityZone", "eu-north-1a")]
    [InlineData(2, "ResourceName", "my lease")]
    [InlineData(2, "Tags", "{\"team\":\"web\",\"spot\":true,\"n\":1,\"none\":null}")]
    [InlineData(6, "ConsumedQuantity", "1")] // a correction may differ from its product
    [InlineData(6, "PricingQuantity", "2")]
    public void A_cell_that_keeps_it_is_not(int row, string column, string value) =>
        Validate(Mutated(row, column, value)).ShouldBeEmpty();

    [Theory]
    [InlineData("BilledCost", "BilledCosts", 2)]
    [InlineData("Tags", "tags", 1)]
    [InlineData("Tags", "x_Tags", 0)]
    [InlineData("x_FleetId", "FleetId", 1)]
    [InlineData("RegionId", "RegionName", 1)]
    public void A_header_is_held_against_the_list(string column, string name, int findings)
    {
        var rows = FocusExample.Cells(FocusExample.Csv());
        rows[0][Array.IndexOf(rows[0], column)] = name;

        Validate(Csv(rows)).Count(finding => finding.Row == 1).ShouldBe(findings);
    }

    [Fact]
    public void A_sum_that_is_not_the_invoices_is_found()
    {
        var missing = FocusExample.Cells(FocusExample.Csv());
        missing.RemoveAt(4);
        var foreign = FocusExample.Cells(FocusExample.Csv());
        foreign[4][Array.IndexOf(foreign[0], "InvoiceId")] = "initech/2026-11";

        Invoiced(missing).ShouldHaveSingleItem().Problem.ShouldBe("'globex/2026-11' adds up to 0.018281, not 0.018789");
        Invoiced(foreign).Count.ShouldBe(2);

        static IReadOnlyList<FocusFinding> Invoiced(List<string[]> rows)
        {
            using var csv = new StringReader(Csv(rows));
            return FocusValidator.Validate(csv, FocusSpecification.V12, FocusExample.Invoices);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("BilledCost\r\n\"1\r\n")]
    public void What_is_no_table_is_refused(string csv) => Validate(csv).ShouldNotBeEmpty();

    [Fact]
    public void A_row_of_another_length_is_found()
    {
        var csv = FocusExample.Csv();

        var finding = Validate(csv.TrimEnd() + ",one-more\r\n").ShouldHaveSingleItem();

        finding.ToString().ShouldBe("Row 6, all columns: 62 cells under 61 columns");
    }

    [Fact]
    public void Findings_end_at_their_most()
    {
        var rows = FocusExample.Cells(FocusExample.Csv());
        rows.AddRange(Enumerable.Range(0, 200).Select(_ => rows[1].Select(_ => "?").ToArray()));

        Validate(Csv(rows)).Count.ShouldBeInRange(FocusValidator.MostFindings, FocusValidator.MostFindings + 100);
    }

    private static IReadOnlyList<FocusFinding> Validate(string csv)
    {
        using var text = new StringReader(csv);
        return FocusValidator.Validate(text, FocusSpecification.V12);
    }

    private static string Mutated(int row, string column, string value)
    {
        var rows = FocusExample.Cells(FocusExample.Csv());
        rows[row - 1][Array.IndexOf(rows[0], column)] = value;
        return Csv(rows);
    }

    private static string Csv(IEnumerable<string[]> rows) =>
        string.Concat(rows.Select(row => $"{string.Join(',', row.Select(Quoted))}\r\n"));

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
