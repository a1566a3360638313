using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DynamicSurplus.Local.Benchmarking;

/// <summary>
/// STREAM's triad, a[i] = b[i] + s × c[i]: how fast this machine moves memory, against which a kernel is judged.
/// </summary>
public sealed class Triad
{
    private readonly float[] _a;
    private readonly float[] _b;
    private readonly float[] _c;

    /// <param name="footprintBytes">Of the three arrays together, at least 12.</param>
    public Triad(long footprintBytes)
    {
        var length = (int)(footprintBytes / (3 * sizeof(float)));
        (_a, _b, _c) = (new float[length], new float[length], new float[length]);
        _a.AsSpan().Fill(1f);
        _b.AsSpan().Fill(2f);
        _c.AsSpan().Fill(3f);
    }

    /// <summary>Read and written by one <see cref="Run"/>, as STREAM counts: 12 bytes an element.</summary>
    public long BytesMoved => 3L * sizeof(float) * _a.Length;

    public void Run()
    {
        const float Scale = 0.5f;
        var a = MemoryMarshal.Cast<float, Vector512<float>>(_a.AsSpan());
        var b = MemoryMarshal.Cast<float, Vector512<float>>(_b.AsSpan());
        var c = MemoryMarshal.Cast<float, Vector512<float>>(_c.AsSpan());
        for (var i = 0; i < a.Length && i < b.Length && i < c.Length; i++)
        {
            a[i] = b[i] + (Scale * c[i]);
        }
        for (var i = a.Length * Vector512<float>.Count; i < _a.Length; i++)
        {
            _a[i] = _b[i] + (Scale * _c[i]);
        }
    }
}
