using System.Text;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// What one body of telemetry held: the samples that count, by shard, and those that do not. Made to be reused.
/// </summary>
public sealed class TelemetryBatch
{
    private readonly SampleColumns[] _shards;
    private readonly List<SampleRefusal> _refusals = [];

    public TelemetryBatch(int shardCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardCount);
        _shards = new SampleColumns[shardCount];
        for (var shard = 0; shard < shardCount; shard++)
        {
            _shards[shard] = new();
        }
    }

    /// <summary>The samples that count, by the shard of their fleet; empty where the shard has none.</summary>
    public IReadOnlyList<SampleColumns> Shards => _shards;

    /// <summary>The samples that do not, in order of position.</summary>
    public IReadOnlyList<SampleRefusal> Refusals => _refusals;

    /// <summary>How many of the refusals are of fleets that nobody knows.</summary>
    public int UnknownFleets { get; private set; }

    /// <summary>How many samples count.</summary>
    public int Accepted { get; private set; }

    public void Clear()
    {
        foreach (var shard in _shards)
        {
            shard.Clear();
        }
        _refusals.Clear();
        UnknownFleets = 0;
        Accepted = 0;
    }

    /// <summary>Takes or refuses a sample of a known fleet, whichever way it came.</summary>
    /// <param name="position">In what it came with, from 0.</param>
    /// <param name="shard">Of its fleet.</param>
    /// <param name="latest">Samples of later times are refused: see <see cref="SampleRules"/>.</param>
    internal void Judge(int position, int shard, in Sample sample, DateTimeOffset latest)
    {
        if (SampleRules.Check(sample, latest) is { } wrong)
        {
            Refuse(position, sample.Fleet, wrong);
            return;
        }
        _shards[shard].Add(sample);
        Accepted++;
    }

    internal void RefuseUnknown(int position, ReadOnlySpan<byte> fleet)
    {
        UnknownFleets++;
        Refuse(
            position,
            fleet,
            new("fleet", "is not registered", "register it (PUT /v1/fleets/{id}) or correct the id")
        );
    }

    internal void Refuse(int position, ReadOnlySpan<byte> fleet, FieldError error) =>
        _refusals.Add(new(position, Label(fleet), error.Field, error.Problem, error.Fix));

    internal void Refuse(int position, FleetId fleet, FieldError error) =>
        _refusals.Add(new(position, fleet.ToString(), error.Field, error.Problem, error.Fix));

    /// <summary>What a sample called its fleet, cut to 63 characters and never inside one.</summary>
    private static string Label(ReadOnlySpan<byte> fleet)
    {
        // 63 characters are at most 189 bytes of UTF-8 (a surrogate pair takes 4 for its 2).
        var text = Encoding.UTF8.GetString(fleet[..Math.Min(fleet.Length, 192)]);
        var length = Math.Min(text.Length, 63);
        return text[..(length == 63 && char.IsHighSurrogate(text[62]) ? 62 : length)];
    }
}
