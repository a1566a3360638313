using Microsoft.DurableTask;

namespace DynamicSurplus.Functions.Tests.Durable;

/// <summary>An orchestration's history since it last began anew.</summary>
internal sealed class FakeInstance(string id, string orchestrator, string input, DateTimeOffset startedAt)
{
    public string Id { get; } = id;

    public string Orchestrator { get; } = orchestrator;

    public string Input { get; } = input;

    public DateTimeOffset StartedAt { get; } = startedAt;

    public List<HistoryItem> History { get; } = [];

    public List<Happening> Happenings { get; } = [];

    /// <summary>Places in the history that are neither answered nor cancelled.</summary>
    public HashSet<int> Open { get; } = [];

    /// <summary>Asked for in the latest run, and not yet put to work.</summary>
    public Queue<(int Place, HistoryItem Item, RetryPolicy? Retry)> Asked { get; } = new();

    /// <summary>Null while the orchestrator keeps to its turns.</summary>
    public NonDeterminismException? Violation { get; set; }

    public bool IsOver { get; set; }

    /// <summary>Timers left open when it ended: they would keep it running.</summary>
    public int OpenTimersAtEnd { get; set; }

    /// <summary>As JSON, once it is over.</summary>
    public string? Output { get; set; }

    /// <summary>Null where it ended well.</summary>
    public Exception? Failure { get; set; }
}
