using DynamicSurplus.Api.Problems;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Requests;

/// <summary>Turns a request's values into the engine's, and collects what is wrong with them.</summary>
internal sealed class FieldErrors
{
    /// <summary>A trillion: more than any lease costs.</summary>
    private const decimal MostUsd = 1_000_000_000_000;

    private const int MaxLabel = 63;

    private readonly List<FieldError> _errors = [];

    public bool Any => _errors.Count > 0;

    public void Add(string field, string problem, string fix) => _errors.Add(new(field, problem, fix));

    public void AddRange(IEnumerable<FieldError> errors) => _errors.AddRange(errors);

    /// <exception cref="ProblemException">Something was wrong.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new ProblemException(Problem.With(ProblemKinds.InvalidRequest, _errors));
        }
    }

    public string Required(string field, string? value, string fix)
    {
        if (string.IsNullOrEmpty(value))
        {
            Add(field, "is missing", fix);
        }
        return value ?? "";
    }

    /// <summary>A whole number of an <see cref="int"/>; an error and 0 where it is none.</summary>
    public int Whole(string field, double value)
    {
        if (value is >= int.MinValue and <= int.MaxValue && double.IsInteger(value))
        {
            return (int)value;
        }
        Add(field, $"{value} is no whole number that this can be", "give a whole number");
        return 0;
    }

    public int? Whole(string field, double? value) => value is { } given ? Whole(field, given) : null;

    /// <summary>A rate in whole steps; an error and null where it is none.</summary>
    public Rate? RateOf(string field, decimal? usdPerGpuHour)
    {
        if (usdPerGpuHour is not { } usd)
        {
            return null;
        }
        if (usd is < 0 or > Rate.MaxUsdPerGpuHour)
        {
            Add(field, $"{usd} is outside [0, {Rate.MaxUsdPerGpuHour}]", "give USD per GPU-hour, such as \"1.25\"");
            return null;
        }
        if (decimal.Round(usd, 4) != usd)
        {
            Add(field, $"{usd} has more than four decimals", "give whole steps of 0.0001 USD per GPU-hour");
            return null;
        }
        return Rate.FromUsd(usd);
    }

    /// <summary>USD in whole millionths; an error and null where it is none.</summary>
    public MicroUsd? AmountOf(string field, decimal? usd)
    {
        if (usd is not { } amount)
        {
            return null;
        }
        if (amount is < 0 or > MostUsd || decimal.Round(amount, 6) != amount)
        {
            Add(
                field,
                $"{amount} is no amount in [0, {MostUsd}]",
                "give USD with at most six decimals, such as \"250\""
            );
            return null;
        }
        return new((long)(amount * 1_000_000));
    }

    /// <summary>A label that is asked for, no longer than any fleet's can be.</summary>
    public string? Label(string field, string? value)
    {
        if (value is { Length: 0 or > MaxLabel })
        {
            Add(field, $"'{Cut(value)}' is no label of a fleet", $"give 1 to {MaxLabel} characters, or leave it out");
        }
        return value;
    }

    public FleetId? FleetOf(string field, string? id)
    {
        if (id is null)
        {
            return null;
        }
        if (FleetId.TryParse(id, out var fleet))
        {
            return fleet;
        }
        Add(field, $"'{Cut(id)}' is no fleet id", $"give {FleetId.Shape}");
        return null;
    }

    /// <summary>What a caller sent, short enough to be sent back.</summary>
    public static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
