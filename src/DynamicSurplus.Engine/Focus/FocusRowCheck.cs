using System.Globalization;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Focus;

/// <summary>Row after row against a specification, and what the rows have to agree on.</summary>
internal sealed class FocusRowCheck(FocusSpecification specification, List<FocusFinding> findings)
{
    private readonly Dictionary<(string Column, string Parent, string Value), string> _parents = [];
    private readonly Dictionary<string, decimal> _sums = new(StringComparer.Ordinal);

    public void Check(FocusRow row)
    {
        foreach (var column in specification.Columns)
        {
            if (row.Has(column.Id) && FocusCellCheck.Problem(column, row) is { } problem)
            {
                findings.Add(new(row.Number, column.Id, problem));
            }
        }
        CheckProducts(row);
        CheckEqualities(row);
        CheckIntervals(row);
        CheckDependencies(row);
        foreach (var sum in specification.Sums)
        {
            if (row[sum.By] is { } id && FocusCellCheck.Number(row[sum.Of]) is { } amount)
            {
                _sums[id] = _sums.GetValueOrDefault(id) + amount;
            }
        }
    }

    public void CheckSums(IReadOnlyDictionary<string, MicroUsd>? documents)
    {
        if (documents is null)
        {
            return;
        }
        foreach (var id in _sums.Keys.Union(documents.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (sum, due) = (_sums.GetValueOrDefault(id), documents.GetValueOrDefault(id).Usd);
            if (sum != due)
            {
                findings.Add(
                    new(0, "", string.Create(CultureInfo.InvariantCulture, $"'{id}' adds up to {sum}, not {due}"))
                );
            }
        }
    }

    private void CheckProducts(FocusRow row)
    {
        foreach (var (price, quantity, cost, when) in specification.Products)
        {
            if (
                FocusCellCheck.Number(row[price]) is { } one
                && FocusCellCheck.Number(row[quantity]) is { } many
                && FocusCellCheck.Number(row[cost]) is { } all
                && Holds(when, row)
                && !FocusValidator.IsProduct(one, many, all)
            )
            {
                findings.Add(new(row.Number, cost, $"{row[cost]} is not {price} × {quantity}"));
            }
        }
    }

    private void CheckEqualities(FocusRow row)
    {
        foreach (var (left, right, when) in specification.Equalities)
        {
            if (
                FocusCellCheck.Number(row[left]) is { } one
                && FocusCellCheck.Number(row[right]) is { } other
                && one != other
                && Holds(when, row)
            )
            {
                findings.Add(new(row.Number, left, $"{row[left]} where {right} is {row[right]}"));
            }
        }
    }

    private void CheckIntervals(FocusRow row)
    {
        foreach (var (start, end) in specification.Intervals)
        {
            if (FocusCellCheck.Instant(row[start]) >= FocusCellCheck.Instant(row[end]))
            {
                findings.Add(new(row.Number, end, $"{row[end]} is not after {start}"));
            }
        }
    }

    private void CheckDependencies(FocusRow row)
    {
        foreach (var (column, parent) in specification.Dependencies)
        {
            if (row[column] is not { } value)
            {
                continue;
            }
            var found = row[parent] ?? "";
            if (!_parents.TryAdd((column, parent, value), found))
            {
                var before = _parents[(column, parent, value)];
                if (!string.Equals(before, found, StringComparison.Ordinal))
                {
                    findings.Add(new(row.Number, parent, $"'{found}' for {column} '{value}', before '{before}'"));
                }
            }
        }
    }

    private static bool Holds(IReadOnlyList<FocusCondition> when, FocusRow row) =>
        when.All(condition => condition.Holds(name => row[name]));
}
