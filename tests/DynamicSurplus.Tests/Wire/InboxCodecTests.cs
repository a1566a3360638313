using System.Buffers.Binary;
using System.IO.Hashing;
using CsCheck;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Telemetry;
using DynamicSurplus.Tests.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Wire;

public sealed class InboxCodecTests
{
    [Fact]
    public void A_batch_is_read_back_whole() =>
        SampleGen
            .Any.Array[0, 300]
            .Sample(
                samples =>
                {
                    var into = Batch([new(default, SampleGen.Noon, 1, 1, 1)]);

                    InboxCodec.Decode(InboxCodec.Encode(Batch(samples)), into);

                    Enumerable.Range(0, into.Count).Select(row => into[row]).ShouldBe(samples);
                },
                iter: 50
            );

    [Fact]
    public void A_blob_that_is_cut_off_anywhere_is_refused()
    {
        var blob = Blob();
        for (var length = 0; length < blob.Length; length++)
        {
            Refused(blob[..length]);
        }
    }

    [Fact]
    public void A_blob_with_any_byte_changed_is_refused()
    {
        for (var place = 0; place < Blob().Length; place++)
        {
            var blob = Blob();
            blob[place] ^= 0x10;
            Refused(blob);
        }
    }

    [Fact]
    public void Another_version_is_refused_by_name()
    {
        var blob = Blob();
        blob[4] = 2;

        Refused(Sealed(blob)).ShouldContain("has version 2; this program reads version 1");
    }

    [Theory]
    [InlineData(8, 1, "bytes for them")] // one fleet, where two names follow
    [InlineData(8, 3, "no fleet id")]
    [InlineData(8, -1, "no fleet id")]
    [InlineData(12, 1, "bytes for them")]
    [InlineData(12, 3, "bytes for them")]
    [InlineData(12, -1, "bytes for them")]
    [InlineData(32, 2, "fleet 2, which it lacks")] // the first sample's reference
    [InlineData(32, -1, "which it lacks")]
    public void A_blob_that_contradicts_itself_is_refused_though_its_checksum_is_right(
        int place,
        int value,
        string problem
    )
    {
        var blob = Blob();
        BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(place), value);

        Refused(Sealed(blob)).ShouldContain(problem);
    }

    [Fact]
    public void Any_bytes_with_a_right_head_and_checksum_are_read_or_refused() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Byte.Array[0, 250])
            .Sample(
                (fleets, samples, rest) =>
                {
                    var blob = new byte[16 + rest.Length + 4];
                    Blob().AsSpan(0, 8).CopyTo(blob);
                    BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(8), fleets);
                    BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(12), samples);
                    rest.CopyTo(blob, 16);
                    var into = new SampleColumns();
                    try
                    {
                        InboxCodec.Decode(Sealed(blob), into);
                        into.Count.ShouldBe(samples);
                    }
                    catch (InvalidDataException)
                    {
                        into.Count.ShouldBe(0);
                    }
                },
                iter: 10_000
            );

    private static SampleColumns Batch(IEnumerable<Sample> samples)
    {
        var batch = new SampleColumns();
        foreach (var sample in samples)
        {
            batch.Add(sample);
        }
        return batch;
    }

    /// <summary>Two fleets of seven letters, two samples: 16 + 2 × 8 + 2 × 44 + 4 bytes.</summary>
    private static byte[] Blob() =>
        InboxCodec.Encode(
            Batch([
                new(Measures.FleetId.Parse("fleet-1"), SampleGen.Noon, 100, 60, 10),
                new(Measures.FleetId.Parse("fleet-2"), SampleGen.Noon, 200, 160, 20, 700),
            ])
        );

    private static byte[] Sealed(byte[] blob)
    {
        Crc32.Hash(blob.AsSpan(..^4), blob.AsSpan(blob.Length - 4));
        return blob;
    }

    private static string Refused(byte[] blob)
    {
        var into = Batch([new(default, SampleGen.Noon, 1, 1, 1)]);
        var error = Should.Throw<InvalidDataException>(() => InboxCodec.Decode(blob, into));
        into.Count.ShouldBe(0);
        return error.Message;
    }
}
