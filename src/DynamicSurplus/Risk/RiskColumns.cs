using System.Runtime.InteropServices;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Risk;

/// <summary>
/// The risk model's whole memory of a shard's fleets, 0 to 65,536, one column a quantity: 414 bytes a fleet, however
/// long it runs. Fleets are numbered in the order in which they were added. A span is good until fleets come or go.
/// </summary>
public sealed class RiskColumns
{
    public const int MaxFleets = 65_536;

    /// <summary>
    /// Blocks that a fleet has under way: slot 0 is the open one, then the closed and unscored, newest first.
    /// </summary>
    public const int Slots = RiskBlock.Lag + 1;

    /// <summary>
    /// Most blocks that a seed counts for: a day of them at the default tick. Enough to resolve a tail of 1 %, and
    /// outweighed by the fleet's own scores after another day.
    /// </summary>
    public const double SeedBlocks = 96;

    private static readonly int[] Strides =
    [
        RiskHistogram.Bins * sizeof(double),
        .. Enumerable.Repeat(sizeof(double), 8),
        .. Enumerable.Repeat(Slots * sizeof(double), 5),
        sizeof(long),
        .. Enumerable.Repeat(sizeof(int), 3),
        .. Enumerable.Repeat(sizeof(byte), 2),
    ];

    private readonly byte[][] _columns = [.. Strides.Select(_ => Array.Empty<byte>())];
    private int _room;

    public int Count { get; private set; }

    /// <summary>The newest tick that the columns have seen.</summary>
    public Tick LastTick { get; set; } = Tick.None;

    /// <summary>Length of <see cref="LastTick"/>; 0 before the first.</summary>
    public int LastTickSeconds { get; set; }

    /// <summary>Weights of past scores, 16 a fleet; see <see cref="RiskHistogram"/>.</summary>
    public Span<double> Histogram => Column<double>(0);

    /// <summary>Sum of the histogram.</summary>
    public Span<double> Weight => Column<double>(1);

    /// <summary>
    /// Adaptive level: the share of blocks that the next firm margin accepts to fall further; may be negative.
    /// </summary>
    public Span<double> AlphaFirm => Column<double>(2);

    /// <summary>The same for spot.</summary>
    public Span<double> AlphaSpot => Column<double>(3);

    /// <summary>In force at the next tick, share of capacity, [0, 1].</summary>
    public Span<double> MarginFirm => Column<double>(4);

    /// <summary>In force at the next tick, share of capacity, [0, the firm margin].</summary>
    public Span<double> MarginSpot => Column<double>(5);

    /// <summary>As <see cref="RiskPolicy.EpsilonFirm"/>.</summary>
    public Span<double> EpsilonFirm => Column<double>(6);

    /// <summary>As <see cref="RiskPolicy.EpsilonSpot"/>.</summary>
    public Span<double> EpsilonSpot => Column<double>(7);

    /// <summary>As <see cref="RiskPolicy.Decay"/>.</summary>
    public Span<double> Decay => Column<double>(8);

    /// <summary>Most free GPUs at any tick of the block; −∞ in an empty slot.</summary>
    public Span<double> BlockHigh => Column<double>(9);

    /// <summary>Largest fall of free from any tick of the block to any later one, GPUs.</summary>
    public Span<double> BlockDrop => Column<double>(10);

    /// <summary>Capacity at the block's first tick, GPUs; 0 in an empty slot.</summary>
    public Span<double> BlockCapacity => Column<double>(11);

    /// <summary>Firm margin in force at every tick of the block.</summary>
    public Span<double> BlockMarginFirm => Column<double>(12);

    /// <summary>Spot margin in force at every tick of the block.</summary>
    public Span<double> BlockMarginSpot => Column<double>(13);

    /// <summary>Index of the earliest tick after which the open block may close.</summary>
    public Span<long> NextClose => Column<long>(14);

    /// <summary>Blocks scored so far.</summary>
    public Span<int> Blocks => Column<int>(15);

    /// <summary>Blocks that fell by more than their firm margin.</summary>
    public Span<int> FirmViolations => Column<int>(16);

    /// <summary>Blocks that fell by more than their spot margin.</summary>
    public Span<int> SpotViolations => Column<int>(17);

    /// <summary>FNV-1a of the fleet's id mod 15: staggers the ends of blocks.</summary>
    public Span<byte> Phase => Column<byte>(18);

    /// <summary>1 after a skip: the next block opens at the next phase boundary.</summary>
    public Span<byte> Waiting => Column<byte>(19);

    public static int RawColumns => Strides.Length;

    /// <summary>
    /// A column's bytes as they lie in memory, for a codec to copy out and, after <see cref="Resize"/>, back in.
    /// </summary>
    /// <param name="column">
    /// 0 to <see cref="RawColumns"/> − 1; the numbering is part of what a codec's version says.
    /// </param>
    public Span<byte> Raw(int column) => _columns[column].AsSpan(0, Count * Strides[column]);

    /// <summary>The 16 weights of one fleet.</summary>
    public Span<double> HistogramOf(int fleet) => Histogram.Slice(fleet * RiskHistogram.Bins, RiskHistogram.Bins);

    /// <summary>A new fleet: margin 1 until its first block is scored, or until it is seeded.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="InvalidOperationException">There are 65,536 fleets already.</exception>
    public int Add(FleetId id, RiskPolicy policy)
    {
        var fleet = Count;
        Resize(Count + 1);
        Phase[fleet] = (byte)(id.Hash % RiskBlock.Ticks);
        SetPolicy(fleet, policy);
        AlphaFirm[fleet] = policy.EpsilonFirm;
        AlphaSpot[fleet] = policy.EpsilonSpot;
        MarginFirm[fleet] = 1.0;
        MarginSpot[fleet] = 1.0;
        BlockHigh.Slice(fleet * Slots, Slots).Fill(double.NegativeInfinity);
        return fleet;
    }

    /// <summary>Removes a fleet; the last one takes its number.</summary>
    public void RemoveAt(int fleet)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fleet);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fleet, Count);
        for (var column = 0; column < RawColumns; column++)
        {
            var bytes = Raw(column);
            var stride = Strides[column];
            bytes[^stride..].CopyTo(bytes[(fleet * stride)..]);
        }
        Resize(Count - 1);
    }

    /// <summary>New knobs from the next scored block on; the margins in force stay until then.</summary>
    public void SetPolicy(int fleet, RiskPolicy policy)
    {
        EpsilonFirm[fleet] = policy.EpsilonFirm;
        EpsilonSpot[fleet] = policy.EpsilonSpot;
        Decay[fleet] = policy.Decay;
    }

    /// <summary>
    /// Gives a new fleet the experience of its SKU: <paramref name="pool"/> is the sum of other fleets' histograms, and
    /// counts for at most <see cref="SeedBlocks"/>. The adaptive levels stay, so the promise holds whatever the pool.
    /// </summary>
    /// <param name="pool">16 weights, each ≥ 0. All 0: nothing changes.</param>
    /// <exception cref="InvalidOperationException">
    /// The fleet has seen ticks: its margin in force cannot change now.
    /// </exception>
    public void Seed(int fleet, ReadOnlySpan<double> pool)
    {
        if (Weight[fleet] > 0 || BlockCapacity[fleet * Slots] > 0 || BlockCapacity[(fleet * Slots) + 1] > 0)
        {
            throw new InvalidOperationException("Seed a fleet before its first tick.");
        }
        var weight = 0.0;
        foreach (var bin in pool[..RiskHistogram.Bins])
        {
            weight += bin;
        }
        if (weight <= 0)
        {
            return;
        }
        var scale = Math.Min(1.0, SeedBlocks / weight);
        var histogram = HistogramOf(fleet);
        for (var bin = 0; bin < histogram.Length; bin++)
        {
            histogram[bin] = pool[bin] * scale;
        }
        Weight[fleet] = weight * scale;
        SetMargins(fleet);
    }

    /// <summary>Takes the margins from the histogram at the adaptive levels.</summary>
    internal void SetMargins(int fleet)
    {
        var histogram = HistogramOf(fleet);
        MarginFirm[fleet] = RiskHistogram.Margin(histogram, Weight[fleet], AlphaFirm[fleet]);
        MarginSpot[fleet] = Math.Min(
            MarginFirm[fleet],
            RiskHistogram.Margin(histogram, Weight[fleet], AlphaSpot[fleet])
        );
    }

    /// <summary>
    /// Makes room for exactly this many fleets; new ones are all zero, to be overwritten column by column.
    /// </summary>
    /// <exception cref="InvalidOperationException">More than 65,536.</exception>
    public void Resize(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > MaxFleets)
        {
            throw new InvalidOperationException(
                $"A shard holds at most {MaxFleets} fleets: spread the fleets over more shards."
            );
        }
        if (count > _room)
        {
            _room = Math.Min(MaxFleets, Math.Max(count, 2 * _room));
            for (var column = 0; column < RawColumns; column++)
            {
                Array.Resize(ref _columns[column], _room * Strides[column]);
            }
        }
        for (var column = 0; column < RawColumns; column++)
        {
            var stride = Strides[column];
            _columns[column].AsSpan(count * stride, Math.Max(0, Count - count) * stride).Clear();
        }
        Count = count;
    }

    private Span<T> Column<T>(int column)
        where T : struct => MemoryMarshal.Cast<byte, T>(Raw(column));
}
