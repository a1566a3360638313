namespace Microsoft.DurableTask;

public readonly struct TaskName
{
    private TaskName(string name) => Name = name;

    public string Name { get; }

    public static implicit operator TaskName(string value) => new(value);
}
