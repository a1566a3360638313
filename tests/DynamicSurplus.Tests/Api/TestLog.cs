using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>
/// Warnings and worse, or more where a test wants more, go to its output, and are kept for it to look at.
/// </summary>
internal sealed class TestLog(LogLevel least = LogLevel.Warning) : ILoggerProvider, ILogger
{
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

    public ConcurrentQueue<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
        {
            Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
            _output?.WriteLine(Lines.Last());
        }
    }

    public void Dispose() { }
}
