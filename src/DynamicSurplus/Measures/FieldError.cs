namespace DynamicSurplus.Measures;

/// <summary>
/// One thing that is wrong with an input: which field, what is wrong with its value, and how to put it right.
/// </summary>
public sealed record FieldError(string Field, string Problem, string Fix)
{
    /// <summary>As one sentence of a log.</summary>
    public override string ToString() => $"{Field} {Problem}: {Fix}";
}
