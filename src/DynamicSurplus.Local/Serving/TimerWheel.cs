using System.Numerics;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// A hierarchical timing wheel (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987): items by the
/// millisecond at which they are due. Adding, removing and taking cost the same however many there are, and nothing is
/// done for a millisecond at which nothing is due. Not for several threads at once.
/// </summary>
/// <remarks>
/// Five levels of 64 slots: a slot of level n lasts 64^n ms. An item lies at the level of the highest digit, to the
/// base of 64, in which its instant differs from the wheel's, and moves down as the wheel comes to its slot. So items
/// come out in the order of their milliseconds, and of one millisecond in the order of their coming. Entries are kept
/// in one array and used again: no allocation but when more items than ever are held.
/// </remarks>
public sealed class TimerWheel<T>
{
    private const int Digit = 6;
    private const int SlotsPerLevel = 1 << Digit;
    private const int Levels = 5;
    private const int Top = Levels - 1;
    private const int None = -1;

    /// <summary>An instant this far ahead, or farther, finds no place: 63 × 64^4 ms, about 12.2 days.</summary>
    public const long HorizonMilliseconds = (SlotsPerLevel - 1L) << (Digit * Top);

    /// <summary>Bit n of a level: its slot n holds something.</summary>
    private readonly ulong[] _occupied = new ulong[Levels];
    private readonly (int First, int Last)[] _slots = new (int, int)[Levels * SlotsPerLevel];
    private Entry[] _entries = [];
    private int _free = None;

    /// <param name="now">Milliseconds from any beginning, 0 or more.</param>
    public TimerWheel(long now)
    {
        Array.Fill(_slots, (None, None));
        Now = now;
    }

    /// <summary>Where the wheel stands; never goes back.</summary>
    public long Now { get; private set; }

    public int Count { get; private set; }

    /// <summary>No item is due before this; where one is due so far ahead, it may be due later. Null: none.</summary>
    public long? Next => TryFindFirst(out _, out _, out var at) ? at : null;

    /// <summary>Adds an item; an instant before <see cref="Now"/> counts as now.</summary>
    /// <returns>By which to remove it, until it is taken.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The instant is <see cref="HorizonMilliseconds"/> ahead, or more.
    /// </exception>
    public int Add(long at, T item)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(at, Now + HorizonMilliseconds);
        if (_free == None)
        {
            Grow();
        }
        var place = _free;
        _free = _entries[place].Next;
        _entries[place].At = Math.Max(at, Now);
        _entries[place].Item = item;
        Link(place);
        Count++;
        return place;
    }

    /// <param name="place">As <see cref="Add"/> gave it, of an item that is still here.</param>
    public void Remove(int place)
    {
        ref var entry = ref _entries[place];
        ref var slot = ref _slots[entry.Slot];
        (entry.Previous == None ? ref slot.First : ref _entries[entry.Previous].Next) = entry.Next;
        (entry.Next == None ? ref slot.Last : ref _entries[entry.Next].Previous) = entry.Previous;
        if (slot.First == None)
        {
            _occupied[entry.Slot >> Digit] &= ~(1UL << (entry.Slot & (SlotsPerLevel - 1)));
        }
        entry.Item = default!;
        entry.Next = _free;
        _free = place;
        Count--;
    }

    /// <summary>Takes the first item that is due by now; where there is none, the wheel turns to now.</summary>
    public bool TryTake(long now, out T item)
    {
        while (TryFindFirst(out var level, out var slot, out var at) && at <= now)
        {
            Now = at;
            if (level == 0)
            {
                var place = _slots[slot].First;
                item = _entries[place].Item;
                Remove(place);
                return true;
            }
            MoveDown((level << Digit) + slot);
        }
        Now = Math.Max(Now, now);
        item = default!;
        return false;
    }

    /// <summary>
    /// Turns to now, so that the horizon is counted from there; not past what is due and not yet taken.
    /// </summary>
    public void TurnTo(long now)
    {
        if (!TryFindFirst(out _, out _, out var at) || at > now)
        {
            Now = Math.Max(Now, now);
        }
    }

    /// <summary>
    /// The first slot that holds something. The lowest level that does comes first: it is what is left of one slot of
    /// the level above.
    /// </summary>
    /// <param name="at">Its beginning.</param>
    private bool TryFindFirst(out int level, out int slot, out long at)
    {
        for (level = 0; level < Levels; level++)
        {
            if (_occupied[level] != 0)
            {
                // From the present slot on; at the top that goes around, below it all lie behind the present one.
                var present = Now >> (Digit * level);
                var from = (int)(present & (SlotsPerLevel - 1));
                var ahead = BitOperations.TrailingZeroCount(BitOperations.RotateRight(_occupied[level], from));
                slot = (from + ahead) & (SlotsPerLevel - 1);
                at = Math.Max(Now, (present + ahead) << (Digit * level));
                return true;
            }
        }
        (slot, at) = (0, 0);
        return false;
    }

    private void MoveDown(int slot)
    {
        var place = _slots[slot].First;
        _slots[slot] = (None, None);
        _occupied[slot >> Digit] &= ~(1UL << (slot & (SlotsPerLevel - 1)));
        while (place != None)
        {
            var next = _entries[place].Next;
            Link(place);
            place = next;
        }
    }

    private void Link(int place)
    {
        ref var entry = ref _entries[place];
        var highest = BitOperations.Log2((ulong)(entry.At ^ Now) | 1);
        var level = Math.Min(highest / Digit, Top);
        var number = (int)((entry.At >> (Digit * level)) & (SlotsPerLevel - 1));
        entry.Slot = (level << Digit) + number;
        ref var slot = ref _slots[entry.Slot];
        (entry.Previous, entry.Next) = (slot.Last, None);
        (slot.Last == None ? ref slot.First : ref _entries[slot.Last].Next) = place;
        slot.Last = place;
        _occupied[level] |= 1UL << number;
    }

    private void Grow()
    {
        var held = _entries.Length;
        Array.Resize(ref _entries, Math.Max(SlotsPerLevel, 2 * held));
        for (var place = _entries.Length - 1; place >= held; place--)
        {
            _entries[place].Next = _free;
            _free = place;
        }
    }

    private struct Entry
    {
        public long At;
        public T Item;
        public int Slot;
        public int Previous;
        public int Next;
    }
}
