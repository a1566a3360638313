using DynamicSurplus.Engine.Focus;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Focus;

public sealed class FocusExportTests
{
    [Fact]
    public void Every_kind_of_charge_keeps_the_specification()
    {
        using var csv = new StringReader(FocusExample.Csv());

        FocusValidator.Validate(csv, FocusSpecification.V12, FocusExample.Invoices).ShouldBeEmpty();
    }

    [Fact]
    public void The_header_is_the_list_and_then_our_own_columns()
    {
        var header = FocusExample.Cells(FocusExample.Csv())[0];

        header.ShouldBe([
            .. FocusSpecification.V12.Columns.Select(column => column.Id),
            "x_FleetId",
            "x_Gpus",
            "x_LeaseTier",
            "x_NoticeSeconds",
        ]);
    }

    [Fact]
    public void Usage_is_told_to_the_second_and_the_micro_dollar()
    {
        var usage = Row(1);

        usage["BilledCost"].ShouldBe("11.703250");
        (usage["ConsumedQuantity"], usage["ConsumedUnit"]).ShouldBe(("28808", "GPU-Seconds"));
        (usage["PricingQuantity"], usage["PricingUnit"]).ShouldBe(("8.0022222222", "GPU-Hours"));
        (usage["ListUnitPrice"], usage["ListCost"]).ShouldBe(("1.4625", "11.7032499999675"));
        (usage["ChargePeriodStart"], usage["ChargePeriodEnd"]).ShouldBe(
            ("2026-11-03T00:00:00Z", "2026-11-03T01:00:01Z")
        );
        (usage["BillingPeriodStart"], usage["BillingPeriodEnd"]).ShouldBe(
            ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")
        );
        (usage["ChargeCategory"], usage["ChargeClass"], usage["PricingCategory"]).ShouldBe(("Usage", "", "Dynamic"));
        (usage["SkuId"], usage["SkuPriceId"]).ShouldBe(("H100", "H100/alpha/spot/120s"));
        usage["SkuPriceDetails"]
            .ShouldBe("""{"GpuCount":1,"InstanceSeries":"H100","x_LeaseTier":"spot","x_NoticeSeconds":120}""");
        (usage["BillingAccountId"], usage["InvoiceId"]).ShouldBe(("acme", "acme/2026-11"));
    }

    [Fact]
    public void A_credit_gives_back_and_measures_nothing()
    {
        var credit = Row(2);

        (credit["ChargeCategory"], credit["ChargeFrequency"]).ShouldBe(("Credit", "One-Time"));
        foreach (var cost in (string[])["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"])
        {
            credit[cost].ShouldBe("-0.700001");
        }
        foreach (var nothing in (string[])["ConsumedQuantity", "PricingQuantity", "PricingUnit", "ListUnitPrice"])
        {
            credit[nothing].ShouldBeEmpty();
        }
        credit["ChargeDescription"].ShouldBe("Credit: late notice: \"7 s\", by rule");
    }

    [Theory]
    [InlineData(3, "")]
    [InlineData(5, "Correction")]
    public void Only_a_correction_of_a_past_month_is_classed_as_one(int row, string chargeClass)
    {
        Row(row)["ChargeClass"].ShouldBe(chargeClass);
        Row(row)["ChargeCategory"].ShouldBe("Usage");
    }

    [Fact]
    public void Another_list_gives_another_file()
    {
        var later = FocusSpecification.V12 with
        {
            Version = "9.9",
            Columns =
            [
                new("BilledCost", FocusLevel.Mandatory, FocusType.Number, Nullable: false),
                new("NewlyDefined", FocusLevel.Conditional, FocusType.Text, Nullable: true),
            ],
        };

        FocusExample.Cells(FocusExample.Csv(later))[1][..2].ShouldBe(["11.703250", ""]);
    }

    [Fact]
    public void A_list_that_demands_what_no_charge_has_is_refused()
    {
        var later = FocusSpecification.V12 with
        {
            Columns = [new("NewlyDefined", FocusLevel.Mandatory, FocusType.Text, Nullable: false)],
        };

        Should.Throw<NotSupportedException>(() => FocusExample.Csv(later)).Message.ShouldContain("NewlyDefined");
    }

    private static Dictionary<string, string> Row(int number)
    {
        var rows = FocusExample.Cells(FocusExample.Csv());
        return rows[0].Zip(rows[number]).ToDictionary(cell => cell.First, cell => cell.Second, StringComparer.Ordinal);
    }
}
