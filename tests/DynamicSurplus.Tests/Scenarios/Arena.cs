using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Shouldly;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>What is fought for, and what the fighters themselves have seen of it.</summary>
internal sealed class Arena
{
    public const string Fleet = "arena";

    /// <summary>On sale: half of 48, behind an enforced wall, whatever the margin.</summary>
    public const int Slice = 24;

    private readonly ConcurrentDictionary<int, int> _answers = new();
    private int _taken;

    /// <summary>The most GPUs that customers ever had at once, by their own account.</summary>
    public int MostTaken { get; private set; }

    public IReadOnlyDictionary<int, int> Answers => _answers;

    /// <summary>After it was given.</summary>
    public void Take(int gpus)
    {
        var taken = Interlocked.Add(ref _taken, gpus);
        lock (_answers)
        {
            MostTaken = Math.Max(MostTaken, taken);
        }
        taken.ShouldBeLessThanOrEqualTo(Slice, "sold twice");
    }

    /// <summary>Before it is given back.</summary>
    public void GiveBack(int gpus) => Interlocked.Add(ref _taken, -gpus);

    /// <summary>A success, a clear refusal, or: come again later.</summary>
    public void Judge(int status, TimeSpan? retryAfter, HttpContentHeaders headers, string text)
    {
        _answers.AddOrUpdate(status, 1, static (_, count) => count + 1);
        if (status is 200 or 201)
        {
            return;
        }
        headers.ContentType?.MediaType.ShouldBe("application/problem+json", text);
        new[] { 409, 410, 429, 503 }.ShouldContain(status, text);
        if (status is 429 or 503)
        {
            retryAfter.ShouldNotBeNull(text);
        }
    }

    /// <summary>(Σ x)² / (n Σ x²): 1 where all have the same, 1/n where one has all.</summary>
    public static double Jain(IReadOnlyCollection<int> shares)
    {
        var squares = shares.Sum(static share => (double)share * share);
        return squares == 0 ? 1 : Math.Pow(shares.Sum(), 2) / (shares.Count * squares);
    }
}
