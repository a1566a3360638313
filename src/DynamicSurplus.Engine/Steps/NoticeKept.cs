namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// The notice that a reclaimed lease was promised, and the time between its sending and the forced end.
/// </summary>
public readonly record struct NoticeKept(TimeSpan Promised, TimeSpan Given)
{
    public bool IsKept => Given >= Promised;
}
