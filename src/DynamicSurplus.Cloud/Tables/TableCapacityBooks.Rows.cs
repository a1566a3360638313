using Azure.Data.Tables;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

public sealed partial class TableCapacityBooks
{
    /// <summary>Names of columns are stored: they stay as they are, whatever the members come to be called.</summary>
    private static class BookRow
    {
        public const string Key = "book";
        private const string Kept = "Kept";
        private const string KeptUntil = "KeptUntil";

        public static TableEntity Write(CapacityBook book) =>
            new(book.Fleet.ToString(), Key)
            {
                ["ActiveFirm"] = book.ActiveFirm,
                ["HeldFirm"] = book.HeldFirm,
                ["ActiveSpot"] = book.ActiveSpot,
                ["HeldSpot"] = book.HeldSpot,
                ["InNotice"] = book.InNotice,
                ["LongFirm"] = book.LongFirm,
                ["PredictedInterruptions"] = book.PredictedInterruptions,
                ["ObservedInterruptions"] = book.ObservedInterruptions,
                [Kept] = book.Kept,
                [KeptUntil] = book.KeptUntil,
            };

        public static CapacityBook Read(FleetId fleet, TableEntity row) =>
            new(
                fleet,
                row.Required<int>("ActiveFirm"),
                row.Required<int>("HeldFirm"),
                row.Required<int>("ActiveSpot"),
                row.Required<int>("HeldSpot"),
                row.Required<int>("InNotice"),
                row.Required<int>("LongFirm"),
                row.Required<double>("PredictedInterruptions"),
                row.Required<long>("ObservedInterruptions"),
                row.GetInt32(Kept) ?? 0,
                row.GetDateTimeOffset(KeptUntil)
            );
    }

    private static class ReservationRow
    {
        private const string Prefix = "lease-";
        private const string Mark = "Mark";
        private const string Version = "Version";
        private const string InNoticeGpus = "InNoticeGpus";
        private const string MinGpus = "MinGpus";
        private const string CoolDownUntil = "CoolDownUntil";
        private const string WasNoticed = "WasNoticed";
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
                ["Tenant"] = reservation.Tenant.ToString(),
                ["Tier"] = reservation.Tier.ToString(),
                ["Gpus"] = reservation.Gpus,
                [RateSteps] = reservation.Rate.Steps,
                [NoticeTicks] = reservation.Notice.Ticks,
                [MinimumRunTicks] = reservation.MinimumRun.Ticks,
                ["LongTerm"] = reservation.LongTerm,
                ["InterruptionProbability"] = reservation.InterruptionProbability,
                [HeldAtTickSeconds] = reservation.HeldAtTick.StartSeconds,
                ["State"] = reservation.State.ToString(),
                ["ActiveAt"] = reservation.ActiveAt,
                [Version] = reservation.Version,
                [InNoticeGpus] = reservation.InNoticeGpus,
                [MinGpus] = reservation.MinGpus,
                [CoolDownUntil] = reservation.CoolDownUntil,
                [WasNoticed] = reservation.WasNoticed,
                [Mark] = mark,
            };

        public static Reservation Read(TableEntity row) =>
            new(
                FleetId.Parse(row.PartitionKey),
                LeaseId.Parse(row.RowKey[Prefix.Length..]),
                TenantId.Parse(row.Required<string>("Tenant")),
                row.RequiredName<LeaseTier>("Tier"),
                row.Required<int>("Gpus"),
                Rate.FromSteps(row.Required<int>(RateSteps)),
                new TimeSpan(row.Required<long>(NoticeTicks)),
                new TimeSpan(row.Required<long>(MinimumRunTicks)),
                row.Required<bool>("LongTerm"),
                row.Required<double>("InterruptionProbability"),
                new Tick(row.Required<long>(HeldAtTickSeconds)),
                row.RequiredName<ReservationState>("State"),
                row.GetDateTimeOffset("ActiveAt"),
                row.GetInt64(Version) ?? 0,
                row.GetInt32(InNoticeGpus) ?? InNoticeBefore(row),
                row.GetInt32(MinGpus) ?? 0,
                row.GetDateTimeOffset(CoolDownUntil),
                row.GetBoolean(WasNoticed) ?? InNoticeBefore(row) > 0
            );

        /// <summary>Of a row from when leases were taken back whole.</summary>
        private static int InNoticeBefore(TableEntity row) =>
            row.RequiredName<ReservationState>("State") == ReservationState.InNotice ? row.Required<int>("Gpus") : 0;
    }
}
