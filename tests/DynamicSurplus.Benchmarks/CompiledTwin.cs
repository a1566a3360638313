using System.Diagnostics;
using System.Runtime.InteropServices;
using DynamicSurplus.Pricing.Kernel;

namespace DynamicSurplus.Benchmarks;

/// <summary>
/// The C twin of the kernel, compiled by this machine's gcc and run on copies of the columns of its own.
/// </summary>
public sealed class CompiledTwin : IDisposable
{
    public const string Compiler = "gcc -O3 -march=native -ffast-math";

    private const nuint Alignment = 64;
    private static readonly TimeSpan CompileTime = TimeSpan.FromMinutes(1);

    private readonly nint _library;
    private readonly TickFunction _tick;
    private readonly nint[] _columns;
    private readonly long _count;

    private CompiledTwin(nint library, PricingColumns columns)
    {
        _library = library;
        _tick = Marshal.GetDelegateForFunctionPointer<TickFunction>(NativeLibrary.GetExport(library, "tick"));
        _columns = Copy(columns);
        _count = columns.Count;
    }

    private delegate void TickFunction(nint[] columns, long count);

    /// <returns>Null where there is no gcc.</returns>
    public static CompiledTwin? Build(PricingColumns columns)
    {
        var library = Path.Combine(Path.GetTempPath(), $"kernel-twin-{Guid.NewGuid():N}.so");
        var source = Path.Combine(AppContext.BaseDirectory, "kernel-twin.c");
        try
        {
            string[] arguments = [.. Compiler.Split(' ')[1..], "-shared", "-fPIC", "-o", library, source, "-lm"];
            using var gcc = Process.Start("gcc", arguments);
            if (!gcc.WaitForExit(CompileTime) || gcc.ExitCode != 0)
            {
                throw new InvalidOperationException($"gcc could not compile {source}.");
            }
            return new(NativeLibrary.Load(library), columns);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        finally
        {
            File.Delete(library);
        }
    }

    public void Tick() => _tick(_columns, _count);

    /// <summary>The published rates, in steps.</summary>
    public int[] RateSteps()
    {
        var steps = new int[_count];
        Marshal.Copy(_columns[^1], steps, 0, steps.Length);
        return steps;
    }

    public void Dispose()
    {
        foreach (var column in _columns)
        {
            Free(column);
        }
        NativeLibrary.Free(_library);
    }

    private static nint[] Copy(PricingColumns c) =>
        [
            Copy(c.Capacity),
            Copy(c.Demand),
            Copy(c.MarginFirm),
            Copy(c.MarginSpot),
            Copy(c.Correction),
            Copy(c.Accepted),
            Copy(c.Wall),
            Copy(c.Elasticity),
            Copy(c.Beta),
            Copy(c.Kappa),
            Copy(c.LogFloor),
            Copy(c.LogCeiling),
            Copy(c.LeastTarget),
            Copy(c.StepLimit),
            Copy(c.BatchHeadroom),
            Copy(c.FloorSteps),
            Copy(c.CeilingSteps),
            Copy(c.Interest),
            Copy(c.LogRate),
            Copy(c.Firm),
            Copy(c.Total),
            Copy(c.RateUsd),
            Copy(c.Target),
            Copy(c.RateSteps),
        ];

    private static nint Copy(ReadOnlySpan<float> column) => Copy(MemoryMarshal.AsBytes(column));

    private static nint Copy(ReadOnlySpan<int> column) => Copy(MemoryMarshal.AsBytes(column));

    private static unsafe nint Copy(ReadOnlySpan<byte> column)
    {
        // On cache lines of their own: the best that C can have.
        var copy = NativeMemory.AlignedAlloc((nuint)column.Length, Alignment);
        column.CopyTo(new Span<byte>(copy, column.Length));
        return (nint)copy;
    }

    private static unsafe void Free(nint column) => NativeMemory.AlignedFree((void*)column);
}
