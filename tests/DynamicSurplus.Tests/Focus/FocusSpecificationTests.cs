using DynamicSurplus.Engine.Focus;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Focus;

public sealed class FocusSpecificationTests
{
    private static readonly FocusSpecification Focus = FocusSpecification.V12;

    /// <summary>As published.</summary>
    [Theory]
    [InlineData(FocusLevel.Mandatory, 21)]
    [InlineData(FocusLevel.Conditional, 32)]
    [InlineData(FocusLevel.Recommended, 4)]
    public void The_list_has_every_column_of_version_1_2(FocusLevel level, int columns)
    {
        Focus.Version.ShouldBe("1.2");
        Focus.Columns.Count.ShouldBe(57);
        Focus.Columns.Count(column => column.Level == level).ShouldBe(columns);
        Focus
            .Columns.Select(column => column.Id)
            .ShouldBe(
                Focus.Columns.Select(column => column.Id).Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal)
            );
    }

    [Fact]
    public void Rules_name_columns_of_the_list_and_values_that_are_allowed()
    {
        var columns = Focus.Columns.ToDictionary(column => column.Id, StringComparer.Ordinal);
        var conditions = Focus
            .Columns.SelectMany(column =>
                (column.Nulls ?? [])
                    .SelectMany(rule => rule.When)
                    .Concat((column.Musts ?? []).SelectMany(rule => rule.When))
            )
            .Concat(Focus.Products.SelectMany(product => product.When))
            .Concat(Focus.Equalities.SelectMany(equality => equality.When))
            .ToList();

        conditions.Count.ShouldBeGreaterThan(60);
        foreach (var condition in conditions)
        {
            var column = columns[condition.Column];
            (condition.In ?? condition.NotIn ?? []).ShouldBeSubsetOf(column.Values ?? []);
            (condition.In is not null || condition.NotIn is not null || condition.IsNull is not null).ShouldBeTrue();
        }
        string[] named =
        [
            .. Focus.Products.SelectMany(product => new[] { product.Price, product.Quantity, product.Cost }),
            .. Focus.Equalities.SelectMany(equality => new[] { equality.Left, equality.Right }),
            .. Focus.Intervals.SelectMany(interval => new[] { interval.Start, interval.End }),
            .. Focus.Dependencies.SelectMany(dependency => new[] { dependency.Column, dependency.Parent }),
            .. Focus.Sums.SelectMany(sum => new[] { sum.Of, sum.By }),
        ];
        named.ShouldBeSubsetOf(columns.Keys);
    }

    [Fact]
    public void Every_service_subcategory_has_one_parent_that_is_a_category()
    {
        var categories = Focus.Columns.Single(column => column.Id == "ServiceCategory").Values!;
        var subcategories = Focus.Columns.Single(column => column.Id == "ServiceSubcategory");

        subcategories.Parent.ShouldBe("ServiceCategory");
        subcategories.ValuesByParent!.Keys.ShouldBe(categories, ignoreOrder: true);
        subcategories.ValuesByParent.Values.SelectMany(values => values).ShouldBeUnique();
    }

    [Fact]
    public void A_version_that_is_not_at_hand_is_refused() =>
        Should.Throw<ArgumentException>(() => FocusSpecification.Of("0.4")).Message.ShouldContain("FOCUS 0.4");
}
