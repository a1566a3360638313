using DynamicSurplus.Leasing;

namespace DynamicSurplus.Pricing;

/// <summary>Whether a fleet's slice has room for a lease beside all that is sold, held and in notice.</summary>
public static class Admission
{
    /// <param name="tier">Firm GPUs count against the total slice too.</param>
    /// <param name="gpus">Whole GPUs, 1 or more.</param>
    /// <param name="longTerm">A firm lease that ends past the horizon.</param>
    /// <param name="slice">The fleet's at the latest tick.</param>
    /// <param name="book">What the fleet has sold, and keeps for internal demand: as of now.</param>
    /// <returns>Null: admitted.</returns>
    public static AdmissionRefusal? Admits(
        LeaseTier tier,
        int gpus,
        bool longTerm,
        SurplusSlice slice,
        CapacityBook book
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gpus, 1);
        var (total, firm, always) = Room(tier, longTerm, slice, book);
        var fitting = Math.Max(0, Math.Min(total, Math.Min(firm, always)));
        if (gpus <= fitting)
        {
            return null;
        }
        var limit =
            gpus > total ? AdmissionLimit.Total
            : gpus > firm ? AdmissionLimit.Firm
            : AdmissionLimit.LongTerm;
        return new(limit, fitting);
    }

    /// <summary>The most GPUs that one more lease could get, 0 or more.</summary>
    public static int Fitting(LeaseTier tier, bool longTerm, SurplusSlice slice, CapacityBook book)
    {
        var (total, firm, always) = Room(tier, longTerm, slice, book);
        return Math.Max(0, Math.Min(total, Math.Min(firm, always)));
    }

    /// <summary>GPUs left under each limit; a limit that does not apply is that of the one before it.</summary>
    private static (int Total, int Firm, int Always) Room(
        LeaseTier tier,
        bool longTerm,
        SurplusSlice slice,
        CapacityBook book
    )
    {
        var isFirm = tier == LeaseTier.Firm;
        var total = SurplusSlice.Whole(slice.Total) - book.Taken - book.Kept;
        var firm = isFirm ? SurplusSlice.Whole(slice.Firm) - book.ActiveFirm - book.HeldFirm : total;
        var always = isFirm && longTerm ? SurplusSlice.Whole(slice.Always) - book.LongFirm : firm;
        return (total, firm, always);
    }
}
