using System.Globalization;

namespace DynamicSurplus.Engine.Steps;

/// <summary>In what two records of a type differ.</summary>
internal static class Difference
{
    /// <returns>The first member, in words; null where they are equal.</returns>
    public static string? Of<T>(T stored, T derived)
        where T : IEquatable<T>
    {
        if (stored.Equals(derived))
        {
            return null;
        }
        foreach (var property in typeof(T).GetProperties())
        {
            var (left, right) = (property.GetValue(stored), property.GetValue(derived));
            if (!Equals(left, right))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{property.Name} is {left ?? "missing"}, not {right ?? "missing"}"
                );
            }
        }
        return "it differs";
    }
}
