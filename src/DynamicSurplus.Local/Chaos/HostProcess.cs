using System.Diagnostics;
using System.Text;

namespace DynamicSurplus.Local.Chaos;

/// <summary>The local host as a process that may be killed: <c>surplus serve</c> of this very build.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("ready:", StringComparison.Ordinal) == true)
            {
                _ready.TrySetResult();
            }
        };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Completes when the API answers, with true; with false where the process ends before.</summary>
    public async Task<bool> ReadyAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(_ready.Task.WaitAsync(cancellationToken), ExitAsync(cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return _ready.Task.IsCompletedSuccessfully;
    }

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote to its standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public static HostProcess Start(string folder, double speed)
    {
        var self = Environment.ProcessPath!;
        var isDotnet = Path.GetFileNameWithoutExtension(self) is "dotnet";
        var start = new ProcessStartInfo(self)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            .. isDotnet ? (string[])[typeof(HostProcess).Assembly.Location] : [],
            "serve",
            "--data",
            folder,
            "--port",
            "0",
            "--speed",
            speed.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        return new(Process.Start(start)!);
    }

    public Task ExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>SIGKILL: no handler runs, no buffer is flushed, no answer is finished.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public void Dispose() => _process.Dispose();
}
