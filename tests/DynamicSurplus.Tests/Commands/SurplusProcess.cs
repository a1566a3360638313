using System.Diagnostics;
using System.Text;

namespace DynamicSurplus.Tests.Commands;

/// <summary>The command <c>surplus</c> as a process.</summary>
internal sealed class SurplusProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private SurplusProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    public int ExitCode => _process.ExitCode;

    public static SurplusProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "surplus.dll"), .. arguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new(Process.Start(start)!);
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<SurplusProcess> RunAsync(CancellationToken stop, params string[] arguments)
    {
        var process = Start(arguments);
        await process.ExitAsync(stop);
        return process;
    }

    public async Task ExitAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        _process.WaitForExit();
    }

    /// <summary>Waits for a line of output; fails with all that was said where the process ends without it.</summary>
    public async Task<string> LineAsync(string beginning, CancellationToken stop)
    {
        while (true)
        {
            var line = Output.Split('\n').FirstOrDefault(l => l.StartsWith(beginning, StringComparison.Ordinal));
            if (line is not null)
            {
                return line;
            }
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"surplus ended without '{beginning}':\n{Output}\n{Errors}");
            }
            await Task.Delay(50, stop);
        }
    }

    /// <summary>kill −9.</summary>
    public async Task KillAsync(CancellationToken stop)
    {
        _process.Kill();
        await ExitAsync(stop);
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task TerminateAsync(CancellationToken stop)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync(stop);
        await ExitAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
