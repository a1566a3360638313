namespace DynamicSurplus.Engine.Focus;

/// <summary>What is wrong with a cost and usage file.</summary>
/// <param name="Row">1: the header; 0: the file as a whole.</param>
/// <param name="Column">Its id; empty: the row as a whole.</param>
public sealed record FocusFinding(int Row, string Column, string Problem)
{
    public override string ToString() => $"Row {Row}, {(Column.Length > 0 ? Column : "all columns")}: {Problem}";
}
