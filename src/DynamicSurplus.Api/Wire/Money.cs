using System.Globalization;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Wire;

/// <summary>An amount with what it is an amount of.</summary>
/// <param name="Amount">A decimal string.</param>
/// <param name="Unit">Such as <c>USD per GPU-hour</c>.</param>
public sealed record Money(string Amount, string Currency, string Unit)
{
    public const string Usd = "USD";
    public const string UsdPerGpuHour = "USD per GPU-hour";

    /// <summary>For one GPU, four decimals.</summary>
    public static Money PerGpuHour(Rate rate) => new(rate.ToString(), Usd, UsdPerGpuHour);

    /// <summary>For all GPUs of a lease, four decimals.</summary>
    public static Money PerHour(Rate rate, int gpus) =>
        new((rate.UsdPerGpuHour * gpus).ToString("F4", CultureInfo.InvariantCulture), Usd, "USD per hour");

    /// <summary>All that is owed, six decimals.</summary>
    public static Money Total(MicroUsd amount) => new(amount.ToString(), Usd, Usd);
}
