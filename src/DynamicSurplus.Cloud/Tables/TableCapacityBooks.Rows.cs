using Azure.Data.Tables;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

public sealed partial class TableCapacityBooks
{
    private static class BookRow
    {
        public const string Key = "book";

        public static TableEntity Write(CapacityBook book) =>
            new(book.Fleet.ToString(), Key)
            {
                [nameof(book.ActiveFirm)] = book.ActiveFirm,
                [nameof(book.HeldFirm)] = book.HeldFirm,
                [nameof(book.ActiveSpot)] = book.ActiveSpot,
                [nameof(book.HeldSpot)] = book.HeldSpot,
                [nameof(book.InNotice)] = book.InNotice,
                [nameof(book.LongFirm)] = book.LongFirm,
                [nameof(book.PredictedInterruptions)] = book.PredictedInterruptions,
                [nameof(book.ObservedInterruptions)] = book.ObservedInterruptions,
            };

        public static CapacityBook Read(FleetId fleet, TableEntity row) =>
            new(
                fleet,
                row.Required<int>(nameof(CapacityBook.ActiveFirm)),
                row.Required<int>(nameof(CapacityBook.HeldFirm)),
                row.Required<int>(nameof(CapacityBook.ActiveSpot)),
                row.Required<int>(nameof(CapacityBook.HeldSpot)),
                row.Required<int>(nameof(CapacityBook.InNotice)),
                row.Required<int>(nameof(CapacityBook.LongFirm)),
                row.Required<double>(nameof(CapacityBook.PredictedInterruptions)),
                row.Required<long>(nameof(CapacityBook.ObservedInterruptions))
            );
    }

    private static class ReservationRow
    {
        private const string Prefix = "lease-";
        private const string Mark = "Mark";
        private const string RateSteps = "RateSteps";
        private const string NoticeTicks = "NoticeTicks";
        private const string MinimumRunTicks = "MinimumRunTicks";
        private const string HeldAtTickSeconds = "HeldAtTickSeconds";

        /// <summary>The character after a hyphen is a full stop.</summary>
        public static (string From, string To) Range => (Prefix, "lease.");

        public static string KeyOf(LeaseId lease) => $"{Prefix}{lease}";

        public static long? MarkOf(TableEntity row) => row.GetInt64(Mark);

        public static TableEntity Write(Reservation reservation, long mark) =>
            new(reservation.Fleet.ToString(), KeyOf(reservation.Lease))
            {
                [nameof(reservation.Tenant)] = reservation.Tenant.ToString(),
                [nameof(reservation.Tier)] = reservation.Tier.ToString(),
                [nameof(reservation.Gpus)] = reservation.Gpus,
                [RateSteps] = reservation.Rate.Steps,
                [NoticeTicks] = reservation.Notice.Ticks,
                [MinimumRunTicks] = reservation.MinimumRun.Ticks,
                [nameof(reservation.LongTerm)] = reservation.LongTerm,
                [nameof(reservation.InterruptionProbability)] = reservation.InterruptionProbability,
                [HeldAtTickSeconds] = reservation.HeldAtTick.StartSeconds,
                [nameof(reservation.State)] = reservation.State.ToString(),
                [nameof(reservation.ActiveAt)] = reservation.ActiveAt,
                [Mark] = mark,
            };

        public static Reservation Read(TableEntity row) =>
            new(
                FleetId.Parse(row.PartitionKey),
                LeaseId.Parse(row.RowKey[Prefix.Length..]),
                TenantId.Parse(row.Required<string>(nameof(Reservation.Tenant))),
                row.RequiredName<LeaseTier>(nameof(Reservation.Tier)),
                row.Required<int>(nameof(Reservation.Gpus)),
                Rate.FromSteps(row.Required<int>(RateSteps)),
                new TimeSpan(row.Required<long>(NoticeTicks)),
                new TimeSpan(row.Required<long>(MinimumRunTicks)),
                row.Required<bool>(nameof(Reservation.LongTerm)),
                row.Required<double>(nameof(Reservation.InterruptionProbability)),
                new Tick(row.Required<long>(HeldAtTickSeconds)),
                row.RequiredName<ReservationState>(nameof(Reservation.State)),
                row.GetDateTimeOffset(nameof(Reservation.ActiveAt))
            );
    }
}
