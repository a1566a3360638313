using Azure.Data.Tables;
using DynamicSurplus.Cloud.Tables;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Tables;

public sealed class TableGuardTests
{
    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#")]
    [InlineData("?")]
    [InlineData("tab\t")]
    [InlineData("\u0000")]
    [InlineData("\u007f")]
    [InlineData("\u009f")]
    public void Key_with_a_forbidden_character_is_refused(string key)
    {
        Refused(() => TableGuard.Require(new TableEntity(key, "row"))).ShouldContain("U+");
        Refused(() => TableGuard.Require(new TableEntity("partition", key))).ShouldContain("RowKey");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("!stamp")]
    [InlineData("東京")]
    public void Other_keys_are_let_through(string key) => TableGuard.Require(new TableEntity(key, key));

    [Fact]
    public void Key_is_at_most_one_kibibyte_of_text()
    {
        TableGuard.Require(new TableEntity(new string('k', 512), new string('k', 512)));

        Refused(() => TableGuard.Require(new TableEntity("p", new string('k', 513)))).ShouldContain("512");
    }

    [Fact]
    public void Value_is_at_most_64_kibibytes_and_text_counts_two_a_unit()
    {
        TableGuard.Require(Row("Bytes", new byte[65_536]));
        TableGuard.Require(Row("Text", new string('x', 32_768)));

        Refused(() => TableGuard.Require(Row("Bytes", new byte[65_537]))).ShouldContain("Bytes");
        Refused(() => TableGuard.Require(Row("Text", new string('x', 32_769)))).ShouldContain("Text");
    }

    [Fact]
    public void Row_has_at_most_252_columns_that_hold_something()
    {
        TableGuard.Require(Wide(252, _ => 1));
        TableGuard.Require(Wide(300, number => number < 252 ? 1 : null));

        Refused(() => TableGuard.Require(Wide(253, _ => 1))).ShouldContain("253");
    }

    [Fact]
    public void Row_is_at_most_one_mebibyte_with_its_names()
    {
        TableGuard.Require(Wide(15, _ => new byte[65_536]));

        Refused(() => TableGuard.Require(Wide(16, _ => new byte[65_536]))).ShouldContain("1048576");
    }

    [Fact]
    public void Value_of_a_type_that_tables_lack_is_refused()
    {
        Refused(() => TableGuard.Require(Row("Price", 1.5m))).ShouldContain("Price");
        Refused(() => TableGuard.Require(Row("At", DateTimeOffset.MinValue))).ShouldContain("1601");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Transaction_of_no_row_or_more_than_100_is_refused(int rows) =>
        Refused(() => TableGuard.Require(Transaction(rows, number => new("p", $"{number}")))).ShouldContain("100");

    [Fact]
    public void Transaction_takes_100_rows() =>
        TableGuard.Require(Transaction(100, number => new("p", $"{number}") { ["Value"] = number }));

    [Fact]
    public void Transaction_over_several_partitions_is_refused() =>
        Refused(() => TableGuard.Require(Transaction(2, number => new($"p{number}", "row")))).ShouldContain("'p1'");

    [Fact]
    public void Transaction_with_a_row_twice_is_refused() =>
        Refused(() => TableGuard.Require(Transaction(2, _ => new("p", "same")))).ShouldContain("twice");

    [Fact]
    public void Transaction_is_at_most_four_mebibytes_as_sent()
    {
        TableGuard.Require(Transaction(47, number => Large(number)));

        Refused(() => TableGuard.Require(Transaction(48, number => Large(number)))).ShouldContain("4194304");

        static TableEntity Large(int number) => new("p", $"{number}") { ["Value"] = new byte[65_536] };
    }

    [Fact]
    public void Transaction_with_a_row_that_is_refused_is_refused() =>
        Refused(() => TableGuard.Require(Transaction(2, number => new("p", number == 0 ? "good" : "b/d"))));

    private static TableEntity Row(string column, object value) => new("p", "r") { [column] = value };

    private static TableEntity Wide(int columns, Func<int, object?> value)
    {
        var row = new TableEntity("p", "r");
        for (var number = 0; number < columns; number++)
        {
            row[$"C{number}"] = value(number);
        }
        return row;
    }

    private static List<TableTransactionAction> Transaction(int rows, Func<int, TableEntity> row) =>
        [
            .. Enumerable
                .Range(0, rows)
                .Select(number => new TableTransactionAction(TableTransactionActionType.Add, row(number))),
        ];

    private static string Refused(Action require) => Should.Throw<ArgumentException>(require).Message;
}
