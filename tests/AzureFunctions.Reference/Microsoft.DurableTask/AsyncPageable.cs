namespace Microsoft.DurableTask;

public abstract class AsyncPageable<T>
    where T : notnull
{
    internal AsyncPageable() { }
}
