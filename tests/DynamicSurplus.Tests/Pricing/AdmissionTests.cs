using CsCheck;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Pricing;

public sealed class AdmissionTests
{
    private static readonly FleetId Fleet = FleetId.Parse("eu-h100");

    private static readonly Gen<SurplusSlice> Slice = Gen.Select(
            Gen.Double[0, 60],
            Gen.Double[0, 40],
            Gen.Double[0, 20]
        )
        .Select((always, firm, spot) => new SurplusSlice(always + firm, always + firm + spot, always));

    private static readonly Gen<CapacityBook> Book = Gen.Select(
        Gen.Int[0, 20],
        Gen.Int[0, 10],
        Gen.Int[0, 20],
        Gen.Int[0, 10],
        Gen.Int[0, 10],
        Gen.Int[0, 30],
        (activeFirm, heldFirm, activeSpot, heldSpot, inNotice, longFirm) =>
            new CapacityBook(Fleet, activeFirm, heldFirm, activeSpot, heldSpot, inNotice, longFirm)
    );

    private static readonly Gen<(LeaseTier Tier, int Gpus, bool LongTerm)> Request = Gen.Select(
        Gen.Bool,
        Gen.Int[1, 40],
        Gen.Bool,
        (isFirm, gpus, longTerm) => (isFirm ? LeaseTier.Firm : LeaseTier.Spot, gpus, longTerm)
    );

    [Theory]
    [InlineData(LeaseTier.Spot, 12, false, null, 0)]
    [InlineData(LeaseTier.Spot, 13, false, AdmissionLimit.Total, 12)]
    [InlineData(LeaseTier.Firm, 5, false, null, 0)]
    [InlineData(LeaseTier.Firm, 6, false, AdmissionLimit.Firm, 5)]
    [InlineData(LeaseTier.Firm, 13, true, AdmissionLimit.Total, 3)]
    [InlineData(LeaseTier.Firm, 4, true, AdmissionLimit.LongTerm, 3)]
    [InlineData(LeaseTier.Firm, 3, true, null, 0)]
    public void Refusal_names_the_limit_and_what_would_fit(
        LeaseTier tier,
        int gpus,
        bool longTerm,
        AdmissionLimit? limit,
        int fitting
    )
    {
        var slice = new SurplusSlice(Firm: 14.9995, Total: 30.4, Always: 10.2);
        var book = new CapacityBook(
            Fleet,
            ActiveFirm: 6,
            HeldFirm: 4,
            ActiveSpot: 3,
            HeldSpot: 2,
            InNotice: 3,
            LongFirm: 7
        );

        var refusal = Admission.Admits(tier, gpus, longTerm, slice, book);

        refusal.ShouldBe(limit is { } named ? new AdmissionRefusal(named, fitting) : null);
    }

    [Fact]
    public void Admission_agrees_with_the_reference_model()
    {
        Gen.Select(Request, Slice, Book)
            .Sample(
                (request, slice, book) =>
                    (Admission.Admits(request.Tier, request.Gpus, request.LongTerm, slice, book) is null).ShouldBe(
                        Reference(request.Tier, request.Gpus, request.LongTerm, slice, book)
                    )
            );
    }

    [Fact]
    public void What_would_fit_is_admitted_and_one_more_is_not()
    {
        Gen.Select(Request, Slice, Book)
            .Sample(
                (request, slice, book) =>
                {
                    if (Admission.Admits(request.Tier, request.Gpus, request.LongTerm, slice, book) is not { } refusal)
                    {
                        return;
                    }
                    Reference(request.Tier, refusal.FittingGpus + 1, request.LongTerm, slice, book).ShouldBeFalse();
                    if (refusal.FittingGpus > 0)
                    {
                        Reference(request.Tier, refusal.FittingGpus, request.LongTerm, slice, book).ShouldBeTrue();
                    }
                }
            );
    }

    [Fact]
    public void Admission_is_lost_neither_by_asking_for_less_nor_as_spot_nor_with_a_larger_slice()
    {
        Gen.Select(Request, Slice, Book, Gen.Double[0, 10])
            .Where((request, slice, book, _) => Reference(request.Tier, request.Gpus, request.LongTerm, slice, book))
            .Sample(
                (request, slice, book, more) =>
                {
                    var (tier, gpus, longTerm) = request;
                    var larger = new SurplusSlice(slice.Firm + more, slice.Total + more, slice.Always + more);

                    Admission.Admits(tier, Math.Max(1, gpus - 1), longTerm, slice, book).ShouldBeNull();
                    Admission.Admits(LeaseTier.Spot, gpus, longTerm, slice, book).ShouldBeNull();
                    Admission.Admits(tier, gpus, longTerm: false, slice, book).ShouldBeNull();
                    Admission.Admits(tier, gpus, longTerm, larger, book).ShouldBeNull();
                }
            );
    }

    [Fact]
    public void Fleet_sold_past_its_slice_admits_nothing()
    {
        var book = new CapacityBook(Fleet, ActiveSpot: 50);

        Admission
            .Admits(LeaseTier.Spot, 1, longTerm: false, new SurplusSlice(10, 20, 0), book)
            .ShouldBe(new AdmissionRefusal(AdmissionLimit.Total, 0));
    }

    [Fact]
    public void Request_for_no_gpus_is_a_callers_mistake()
    {
        Should.Throw<ArgumentOutOfRangeException>(() =>
            Admission.Admits(LeaseTier.Spot, 0, longTerm: false, new SurplusSlice(1, 1, 1), new CapacityBook(Fleet))
        );
    }

    private static bool Reference(LeaseTier tier, int gpus, bool longTerm, SurplusSlice slice, CapacityBook book)
    {
        var taken = book.ActiveFirm + book.HeldFirm + book.ActiveSpot + book.HeldSpot + book.InNotice;
        if (taken + gpus > Math.Floor(slice.Total + 1e-3))
        {
            return false;
        }
        if (tier == LeaseTier.Spot)
        {
            return true;
        }
        if (book.ActiveFirm + book.HeldFirm + gpus > Math.Floor(slice.Firm + 1e-3))
        {
            return false;
        }
        return !longTerm || book.LongFirm + gpus <= Math.Floor(slice.Always + 1e-3);
    }
}
