using System.Globalization;
using System.Text.Json;
using DynamicSurplus.Leasing;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Focus;

/// <summary>
/// What a charge is in each column, by the column's id; null where the column does not apply. Columns that are not
/// here describe what is not sold: commitments, capacity reservations, zones, sub-accounts, tags.
/// </summary>
internal static class FocusCells
{
    private const string Provider = "Dynamic Surplus";
    private const string Currency = "USD";

    /// <summary>Decimals of GPU-hours: a millionth of a cent at the highest rate.</summary>
    private const int QuantityDecimals = 10;

    public static readonly IReadOnlyDictionary<string, Func<FocusLine, string?>> Own = new Dictionary<
        string,
        Func<FocusLine, string?>
    >(StringComparer.Ordinal)
    {
        ["BilledCost"] = Billed,
        ["BillingAccountId"] = line => line.Charge.Terms.Tenant.ToString(),
        ["BillingAccountName"] = line => line.Charge.Terms.Tenant.ToString(),
        ["BillingAccountType"] = _ => "Tenant",
        ["BillingCurrency"] = _ => Currency,
        ["BillingPeriodEnd"] = line => Text(line.Period.End),
        ["BillingPeriodStart"] = line => Text(line.Period.Start),
        ["ChargeCategory"] = line => IsCredit(line) ? "Credit" : "Usage",
        ["ChargeClass"] = line => line.Charge.CorrectsPast ? "Correction" : null,
        ["ChargeDescription"] = Description,
        ["ChargeFrequency"] = line => IsCredit(line) ? "One-Time" : "Usage-Based",
        ["ChargePeriodEnd"] = line => Text(line.Charge.To),
        ["ChargePeriodStart"] = line => Text(line.Charge.From),
        ["ConsumedQuantity"] = line =>
            IsCredit(line) ? null : line.Charge.GpuSeconds.ToString(CultureInfo.InvariantCulture),
        ["ConsumedUnit"] = line => IsCredit(line) ? null : "GPU-Seconds",
        ["ContractedCost"] = PriceTimesQuantity,
        ["ContractedUnitPrice"] = Price,
        ["EffectiveCost"] = Billed,
        ["InvoiceId"] = line => CustomerStatement.IdOf(line.Charge.Terms.Tenant, line.Period),
        ["InvoiceIssuerName"] = _ => Provider,
        ["ListCost"] = PriceTimesQuantity,
        ["ListUnitPrice"] = Price,
        ["PricingCategory"] = line => IsCredit(line) ? null : "Dynamic",
        ["PricingCurrency"] = _ => Currency,
        ["PricingCurrencyContractedUnitPrice"] = Price,
        ["PricingCurrencyEffectiveCost"] = Billed,
        ["PricingCurrencyListUnitPrice"] = Price,
        ["PricingQuantity"] = line => IsCredit(line) ? null : Text(GpuHours(line)),
        ["PricingUnit"] = line => IsCredit(line) ? null : "GPU-Hours",
        ["ProviderName"] = _ => Provider,
        ["PublisherName"] = _ => Provider,
        ["RegionId"] = line => line.Region,
        ["RegionName"] = line => line.Region,
        ["ResourceId"] = line => line.Charge.Lease.ToString(),
        ["ResourceType"] = _ => "GPU Lease",
        ["ServiceCategory"] = _ => "Compute",
        ["ServiceName"] = _ => Provider,
        ["ServiceSubcategory"] = _ => "Virtual Machines",
        ["SkuId"] = line => line.Sku,
        ["SkuMeter"] = _ => "GPU Time",
        ["SkuPriceDetails"] = PriceDetails,
        ["SkuPriceId"] = PriceId,
    };

    /// <summary>Behind the specification's: what it has no place for.</summary>
    public static readonly IReadOnlyList<(string Id, Func<FocusLine, string?> Cell)> Custom =
    [
        ("x_FleetId", line => line.Charge.Terms.Fleet.ToString()),
        ("x_Gpus", line => IsCredit(line) ? null : line.Charge.Gpus.ToString(CultureInfo.InvariantCulture)),
        ("x_LeaseTier", line => Tier(line.Charge.Terms)),
        ("x_NoticeSeconds", line => NoticeSeconds(line.Charge.Terms)?.ToString(CultureInfo.InvariantCulture)),
    ];

    private static bool IsCredit(FocusLine line) => line.Charge.Kind == StatementLineKind.Credit;

    private static string Billed(FocusLine line) => line.Charge.Amount.ToString();

    /// <summary>The rate that the lease was admitted at: it is posted, and nobody gets another.</summary>
    private static string? Price(FocusLine line) => IsCredit(line) ? null : line.Charge.Rate.ToString();

    /// <summary>Exactly the product of the two cells, where the billed cost is rounded to a micro-dollar.</summary>
    private static string PriceTimesQuantity(FocusLine line) =>
        IsCredit(line) ? Billed(line) : Text(line.Charge.Rate.UsdPerGpuHour * GpuHours(line));

    private static decimal GpuHours(FocusLine line) =>
        Math.Round(line.Charge.GpuSeconds / 3600m, QuantityDecimals, MidpointRounding.ToEven);

    private static string Description(FocusLine line)
    {
        var charge = line.Charge;
        var what = charge.Kind switch
        {
            StatementLineKind.Usage => string.Create(
                CultureInfo.InvariantCulture,
                $"{charge.Gpus} {line.Sku} GPUs, {Tier(charge.Terms)}, {charge.Seconds} s at {charge.Rate} USD/GPU-hour"
            ),
            StatementLineKind.Credit => "Credit",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"Correction by {charge.GpuSeconds} GPU-seconds at {charge.Rate} USD/GPU-hour"
            ),
        };
        return charge.Detail is { Length: > 0 } detail ? $"{what}: {detail}" : what;
    }

    /// <summary>What the posted rate depends on: one price at a time for all customers.</summary>
    private static string PriceId(FocusLine line)
    {
        var terms = line.Charge.Terms;
        var notice = NoticeSeconds(terms) is { } seconds ? $"/{seconds}s" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{line.Sku}/{terms.Fleet}/{Tier(terms)}{notice}");
    }

    private static string PriceDetails(FocusLine line)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("GpuCount", 1);
            json.WriteString("InstanceSeries", line.Sku);
            json.WriteString("x_LeaseTier", Tier(line.Charge.Terms));
            if (NoticeSeconds(line.Charge.Terms) is { } seconds)
            {
                json.WriteNumber("x_NoticeSeconds", seconds);
            }
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static string Tier(LeaseTerms terms) => terms.Tier == LeaseTier.Firm ? "firm" : "spot";

    /// <summary>Null for a firm lease: it is never reclaimed.</summary>
    private static long? NoticeSeconds(LeaseTerms terms) =>
        terms.Tier == LeaseTier.Firm ? null : (long)terms.Notice.TotalSeconds;

    private static string Text(decimal number) =>
        number.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
