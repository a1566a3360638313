namespace DynamicSurplus.Local.ModelChecking;

/// <summary>How far one function's results lie from the expected ones.</summary>
/// <param name="name">As it is printed.</param>
/// <param name="limit">Largest error that passes; 0: equal.</param>
internal sealed class CheckTally(string name, double limit)
{
    public string Name => name;

    public double Limit => limit;

    public int Cases { get; private set; }

    public double WorstError { get; private set; }

    /// <summary>Where the worst error is, such as <c>$.tick[12].out.rate</c>; empty while all are 0.</summary>
    public string WorstPlace { get; private set; } = "";

    public bool Passes => WorstError <= limit;

    public void CountCase() => Cases++;

    /// <summary>|actual − expected| / max(1, |scale|); what is not a number is infinitely wrong.</summary>
    /// <param name="scale">The expected value, unless another is given.</param>
    public void Compare(string place, double expected, double actual, double? scale = null)
    {
        var error = Math.Abs(actual - expected) / Math.Max(1.0, Math.Abs(scale ?? expected));
        error = double.IsNaN(error) ? double.PositiveInfinity : error;
        if (error > WorstError)
        {
            WorstError = error;
            WorstPlace = place;
        }
    }

    public void Compare(string place, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        if (expected.Length != actual.Length)
        {
            Compare(place, expected.Length, double.NaN);
            return;
        }
        for (var i = 0; i < expected.Length; i++)
        {
            Compare($"{place}[{i}]", expected[i], actual[i]);
        }
    }
}
