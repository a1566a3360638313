namespace DynamicSurplus.Risk;

/// <summary>
/// Takes the blocks of a shard's fleets from the tick <paramref name="last"/> to <paramref name="now"/>.
/// </summary>
/// <param name="columns">Its spans are taken once here, not once a fleet.</param>
internal readonly ref struct BlockPass(RiskColumns columns, long last, long now)
{
    private const int Slots = RiskColumns.Slots;

    private readonly Span<double> _high = columns.BlockHigh;
    private readonly Span<double> _drop = columns.BlockDrop;
    private readonly Span<double> _capacity = columns.BlockCapacity;
    private readonly Span<double> _blockMarginFirm = columns.BlockMarginFirm;
    private readonly Span<double> _blockMarginSpot = columns.BlockMarginSpot;
    private readonly Span<double> _marginFirm = columns.MarginFirm;
    private readonly Span<double> _marginSpot = columns.MarginSpot;
    private readonly Span<long> _nextClose = columns.NextClose;
    private readonly Span<byte> _phase = columns.Phase;
    private readonly Span<byte> _waiting = columns.Waiting;

    /// <summary>Forgets the open and the unscored blocks; the next one opens at the next phase boundary.</summary>
    public void Drop(int fleet)
    {
        if (_waiting[fleet] != 0)
        {
            return;
        }
        _waiting[fleet] = 1;
        _nextClose[fleet] = 0;
        var start = fleet * Slots;
        for (var slot = start; slot < start + Slots; slot++)
        {
            Put(slot, double.NegativeInfinity, capacity: 0, marginFirm: 0, marginSpot: 0);
        }
    }

    /// <summary>The tick's free GPUs and capacity, above 0.</summary>
    public void Observe(int fleet, double free, double capacity)
    {
        var phase = _phase[fleet];
        var open = fleet * Slots;
        if (_waiting[fleet] != 0)
        {
            if (!Crosses(phase, last - 1, now - 1))
            {
                return;
            }
            _waiting[fleet] = 0;
        }
        var from = last;
        if (_capacity[open] <= 0)
        {
            Put(open, free, capacity, _marginFirm[fleet], _marginSpot[fleet]);
            // A boundary before the block's first tick closes nothing.
            from = now - 1;
        }
        var high = _high.Slice(open, Slots);
        var drop = _drop.Slice(open, Slots);
        high[0] = Math.Max(high[0], free);
        for (var slot = 0; slot < drop.Length; slot++)
        {
            drop[slot] = Math.Max(drop[slot], high[slot] - free);
        }
        if (Crosses(phase, from, now) && now >= _nextClose[fleet])
        {
            Close(fleet);
        }
    }

    /// <summary>
    /// Whether a block of this phase ends with a tick after <paramref name="from"/>, up to <paramref name="to"/>.
    /// </summary>
    private static bool Crosses(int phase, long from, long to) =>
        (to + phase + 1) / RiskBlock.Ticks > (from + phase + 1) / RiskBlock.Ticks;

    /// <summary>
    /// Closes the open block, and scores the one that closed <see cref="RiskBlock.Lag"/> blocks before it.
    /// </summary>
    private void Close(int fleet)
    {
        var open = fleet * Slots;
        var oldest = open + Slots - 1;
        if (_capacity[oldest] > 0)
        {
            ReferenceRiskModel.Score(
                columns,
                fleet,
                _drop[oldest],
                _capacity[oldest],
                _blockMarginFirm[oldest],
                _blockMarginSpot[oldest]
            );
        }
        Shift(_high);
        Shift(_drop);
        Shift(_capacity);
        Shift(_blockMarginFirm);
        Shift(_blockMarginSpot);
        Put(open, double.NegativeInfinity, capacity: 0, marginFirm: 0, marginSpot: 0);
        _nextClose[fleet] = now + RiskBlock.Ticks;

        void Shift(Span<double> column) => column[open..oldest].CopyTo(column[(open + 1)..]);
    }

    private void Put(int slot, double high, double capacity, double marginFirm, double marginSpot)
    {
        _high[slot] = high;
        _drop[slot] = 0.0;
        _capacity[slot] = capacity;
        _blockMarginFirm[slot] = marginFirm;
        _blockMarginSpot[slot] = marginSpot;
    }
}
