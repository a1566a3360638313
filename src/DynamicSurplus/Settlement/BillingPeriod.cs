using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DynamicSurplus.Settlement;

/// <summary>A calendar month of UTC, by which customers are billed: the years 2000 to 9998.</summary>
/// <param name="Year">2000 to 9998.</param>
/// <param name="Month">1 to 12.</param>
public readonly record struct BillingPeriod(int Year, int Month) : IComparable<BillingPeriod>
{
    private const string Form = "yyyy-MM";

    /// <summary>What a period looks like, in words for error messages.</summary>
    public static string Shape => "a month of UTC such as 2026-11";

    /// <summary>Its first instant.</summary>
    public DateTimeOffset Start => new(Year, Month, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first instant that is no more in it.</summary>
    public DateTimeOffset End => Start.AddMonths(1);

    public BillingPeriod Next => Of(End);

    public BillingPeriod Previous => Of(Start.AddMonths(-1));

    /// <summary>The month that an instant lies in.</summary>
    public static BillingPeriod Of(DateTimeOffset instant) => new(instant.UtcDateTime.Year, instant.UtcDateTime.Month);

    public static bool TryParse([NotNullWhen(true)] string? text, out BillingPeriod period)
    {
        var isMonth = DateTime.TryParseExact(
            text,
            Form,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var start
        );
        period = isMonth ? new(start.Year, start.Month) : default;
        return isMonth && start.Year is >= 2000 and < 9999;
    }

    public bool Contains(DateTimeOffset instant) => instant >= Start && instant < End;

    public static bool operator <(BillingPeriod left, BillingPeriod right) => left.CompareTo(right) < 0;

    public static bool operator >(BillingPeriod left, BillingPeriod right) => left.CompareTo(right) > 0;

    public static bool operator <=(BillingPeriod left, BillingPeriod right) => left.CompareTo(right) <= 0;

    public static bool operator >=(BillingPeriod left, BillingPeriod right) => left.CompareTo(right) >= 0;

    public int CompareTo(BillingPeriod other) => (Year, Month).CompareTo((other.Year, other.Month));

    /// <summary>Such as <c>2026-11</c>.</summary>
    public override string ToString() => Start.ToString(Form, CultureInfo.InvariantCulture);
}
