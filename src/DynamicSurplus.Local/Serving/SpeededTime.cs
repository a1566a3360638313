namespace DynamicSurplus.Local.Serving;

/// <summary>
/// A clock that runs <paramref name="speed"/> times as fast as the wall's from an anchor on; timers too.
/// </summary>
/// <param name="anchor">The engine's time at <paramref name="wallAnchor"/>.</param>
internal sealed class SpeededTime(TimeProvider wall, DateTimeOffset wallAnchor, DateTimeOffset anchor, double speed)
    : TimeProvider
{
    public override long TimestampFrequency => wall.TimestampFrequency;

    public double Speed => speed;

    public DateTimeOffset WallAnchor => wallAnchor;

    public DateTimeOffset Anchor => anchor;

    public override DateTimeOffset GetUtcNow() => anchor + ((wall.GetUtcNow() - wallAnchor) * speed);

    public override long GetTimestamp() => wall.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new SpeededTimer(wall.CreateTimer(callback, state, OnTheWall(dueTime), OnTheWall(period)), this);

    private TimeSpan OnTheWall(TimeSpan time) =>
        time == Timeout.InfiniteTimeSpan
            ? time
            : TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds / speed));

    private sealed class SpeededTimer(ITimer timer, SpeededTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) =>
            timer.Change(time.OnTheWall(dueTime), time.OnTheWall(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
