using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Cloud.Tables;

public sealed partial class TableLeaseJournal
{
    /// <summary>What a scan has read of one lease so far.</summary>
    private sealed class Scan(string lease)
    {
        private readonly List<StoredEvent> _events = [];
        private readonly List<PendingEffect> _effects = [];
        private readonly List<RowDamage> _damage = [];

        public string Lease => lease;

        public void Add(ScannedRow row)
        {
            var key = row.Entity.RowKey;
            if ((row.Unreadable ?? Row.DamageOf(row.Entity)) is { } what)
            {
                _damage.Add(new(Row.VersionOf(key), $"row {key} {what}"));
            }
            else if (Row.IsEffect(key))
            {
                _effects.Add(Row.ReadEffect(row.Entity));
            }
            else
            {
                _events.Add(Row.ReadEvent(row.Entity));
            }
        }

        public ScannedStream ToStream() => new(lease, new(_events, _effects), _damage);
    }

    private static class Row
    {
        private const string Effect = "effect-";
        private const string Json = "Json";
        private const string Mark = "Mark";
        private const string Seal = "Seal";
        private const int VersionDigits = 19;
        private const int IndexDigits = 10;

        /// <summary>The character after a hyphen is a full stop.</summary>
        public static (string From, string To) EffectRange => (Effect, "effect.");

        public static bool IsEffect(string row) => row.StartsWith(Effect, StringComparison.Ordinal);

        public static string KeyOf(long version) => version.ToString("D19", CultureInfo.InvariantCulture);

        public static string KeyOf(PendingEffect effect) =>
            string.Create(CultureInfo.InvariantCulture, $"{Effect}{effect.Version:D19}-{effect.Index:D10}");

        public static TableEntity Write(string lease, StoredEvent stored, long mark) =>
            Sealed(
                new(lease, KeyOf(stored.Version)) { [Json] = stored.Json.ToArray(), [Mark] = mark },
                stored.Json.Span,
                mark
            );

        public static TableEntity Write(string lease, PendingEffect effect) =>
            Sealed(new(lease, KeyOf(effect)) { [Json] = effect.Json.ToArray() }, effect.Json.Span, mark: null);

        public static long? MarkOf(TableEntity row) => row.GetInt64(Mark);

        public static StoredEvent ReadEvent(TableEntity row) =>
            new(Number(row.RowKey.AsSpan()), row.Required<byte[]>(Json));

        public static PendingEffect ReadEffect(TableEntity row)
        {
            var key = row.RowKey.AsSpan(Effect.Length);
            var (version, index) = (Number(key[..VersionDigits]), Number(key[(VersionDigits + 1)..]));
            return new(version, (int)index, row.Required<byte[]>(Json));
        }

        /// <summary>Null where the key is of no event and no effect.</summary>
        public static long? VersionOf(string key)
        {
            var digits = IsEffect(key) ? key.AsSpan(Effect.Length) : key.AsSpan();
            return
                digits.Length == (IsEffect(key) ? VersionDigits + 1 + IndexDigits : VersionDigits)
                && long.TryParse(
                    digits[..VersionDigits],
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var version
                )
                ? version
                : null;
        }

        /// <summary>What is wrong with a row, held against its seal; null: it is as it was written.</summary>
        public static string? DamageOf(TableEntity row)
        {
            if (VersionOf(row.RowKey) is null)
            {
                return "is none of a journal";
            }
            string[] columns = IsEffect(row.RowKey) ? [Json, Seal] : [Json, Mark, Seal];
            if (row.Keys.FirstOrDefault(name => !TableGuard.IsSystem(name) && !columns.Contains(name)) is { } stranger)
            {
                return $"has a column {stranger}, which was never written";
            }
            return
                row.TryGetValue(Json, out var json)
                && json is byte[] bytes
                && row.TryGetValue(Seal, out var seal)
                && seal is string text
                && (IsEffect(row.RowKey) || row.TryGetValue(Mark, out var mark) && mark is long)
                ? string.Equals(text, SealOf(row, bytes, MarkOf(row)), StringComparison.Ordinal)
                    ? StampDamageOf(row)
                    : "is not what was sealed: a byte of its keys, columns or seal was altered"
                : $"lacks one of the columns {string.Join(", ", columns)}, or holds it as another type";
        }

        /// <summary>
        /// The storage's own column: where the ETag tells a time, as Azure's and its emulator's do, it is this one.
        /// </summary>
        private static string? StampDamageOf(TableEntity row)
        {
            const string Begin = "W/\"datetime'";
            var tag = Uri.UnescapeDataString(row.ETag.ToString());
            return
                tag.StartsWith(Begin, StringComparison.Ordinal)
                && !(
                    DateTimeOffset.TryParse(
                        tag.AsSpan(Begin.Length).TrimEnd("'\""),
                        CultureInfo.InvariantCulture,
                        out var tagged
                    )
                    && tagged == row.Timestamp
                )
                ? $"has the timestamp {row.Timestamp:O}, which its ETag {tag} contradicts"
                : null;
        }

        private static TableEntity Sealed(TableEntity row, ReadOnlySpan<byte> json, long? mark)
        {
            row[Seal] = SealOf(row, json, mark);
            return row;
        }

        /// <summary>SHA-256 over keys, mark and JSON, each after its length or of a fixed one: 64 hex digits.</summary>
        private static string SealOf(TableEntity row, ReadOnlySpan<byte> json, long? mark)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> number = stackalloc byte[sizeof(long)];
            foreach (var key in (string[])[row.PartitionKey, row.RowKey])
            {
                var bytes = Encoding.UTF8.GetBytes(key);
                BinaryPrimitives.WriteInt64LittleEndian(number, bytes.Length);
                hash.AppendData(number);
                hash.AppendData(bytes);
            }
            BinaryPrimitives.WriteInt64LittleEndian(number, mark ?? 0);
            hash.AppendData(number);
            hash.AppendData(json);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        private static long Number(ReadOnlySpan<char> digits) =>
            long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
