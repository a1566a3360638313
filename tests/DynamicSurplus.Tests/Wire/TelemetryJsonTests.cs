using System.Text;
using CsCheck;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;
using DynamicSurplus.Tests.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Wire;

public sealed class TelemetryJsonTests
{
    private static readonly Sample GoodSample = new(FleetId.Parse("fleet-1"), SampleGen.Noon, 100, 60, 10);

    [Theory]
    [InlineData($"[{Body.Good}]")]
    [InlineData($" \r\n\t[ {Body.Good} ]\n")]
    [InlineData($"\uFEFF[{Body.Good}]")]
    [InlineData(Body.Good)]
    [InlineData($"\n\n  {Body.Good}\r\n\r\n")]
    [InlineData(
        """{"queued":1e1,"running":6E+1,"healthy":100.0,"at":"2026-08-22T14:00:00.0004+02:00","fleet":"fleet-1"}"""
    )]
    [InlineData(
        """{"fleet":"\u0066leet-1","at":"2026-08-22T12:00:00\u002B00:00","\u0068ealthy":100,"running":60,"queued":10}"""
    )]
    [InlineData("""{"fleet":"fleet-1","at":"2026-08-22T12:00Z","healthy":100,"running":60,"queued":10,"watts":null}""")]
    public void One_sample_is_read_in_every_form_that_says_the_same(string body) =>
        Body.Samples(Body.Decode(body)).ShouldHaveSingleItem().ShouldBe(GoodSample);

    [Fact]
    public void Watts_are_read_where_they_are_stated() =>
        Body.Samples(Body.Decode(With("\"queued\":10", "\"queued\":10,\"watts\":650.5")))
            .ShouldHaveSingleItem()
            .ShouldBe(GoodSample with { Watts = 650.5 });

    [Theory]
    [InlineData("\"healthy\":100", "\"healthy\":\"100\"", "healthy", "is a string, not a number")]
    [InlineData("\"healthy\":100", "\"healthy\":null", "healthy", "is null, not a number")]
    [InlineData("\"running\":60", "\"running\":{\"a\":[1]}", "running", "is an object, not a number")]
    [InlineData("\"queued\":10", "\"queued\":[[]]", "queued", "is an array, not a number")]
    [InlineData("\"queued\":10", "\"queued\":10,\"watts\":true", "watts", "is a boolean, not a number")]
    [InlineData("\"fleet-1\"", "7", "fleet", "is a number, not a string")]
    [InlineData("\"2026-08-22T12:00:00Z\"", "1787400000", "at", "is a number, not a string")]
    [InlineData("12:00:00Z", "12:00:00", "at", "'2026-08-22T12:00:00' is no time with an offset")]
    [InlineData("2026-08-22T12:00:00Z", "2026-08-22", "at", "no time with an offset")]
    [InlineData("2026-08-22T12:00:00Z", "2026-13-22T12:00:00Z", "at", "no time with an offset")]
    [InlineData("2026-08-22T12:00:00Z", "1999-12-31T23:59:59Z", "at", "before the year 2000")]
    [InlineData("\"healthy\":100,", "", "healthy", "is missing")]
    [InlineData("\"fleet\":\"fleet-1\",", "", "fleet", "is missing")]
    [InlineData("\"queued\":10", "\"queued\":10,\"queued\":10", "queued", "is there twice")]
    [InlineData("\"queued\":10", "\"queued\":10,\"fleet\":\"fleet-2\"", "fleet", "is there twice")]
    [InlineData("\"queued\":10", "\"queued\":10,\"Watts\":1", "Watts", "is no member of a sample")]
    [InlineData("\"queued\":10", "\"queued\":10,\"\\ud800\":{\"a\":1}", "\\ud800", "is no member of a sample")]
    [InlineData("\"healthy\":100", "\"healthy\":-1", "healthy", "negative")]
    [InlineData("\"healthy\":100", "\"healthy\":1e999", "healthy", "not finite")]
    [InlineData("\"queued\":10", "\"queued\":-0.5", "queued", "negative")]
    [InlineData("\"running\":60", "\"running\":1001", "running", "more than 10 × healthy")]
    [InlineData("fleet-1", "fleet-x", "fleet", "is not registered")]
    [InlineData("fleet-1", "a/b", "fleet", "is not registered")]
    [InlineData("fleet-1", "\\ud800", "fleet", "is not registered")]
    public void A_bad_sample_is_refused_with_field_and_problem_and_the_rest_counts(
        string part,
        string replacement,
        string field,
        string problem
    )
    {
        var bad = With(part, replacement);
        foreach (var body in new[] { $"[{Body.Good},{bad},{Body.Good}]", $"{Body.Good}\n{bad}\n{Body.Good}" })
        {
            var batch = Body.Decode(body);

            batch.Accepted.ShouldBe(2);
            var refusal = batch.Refusals.ShouldHaveSingleItem();
            refusal.Position.ShouldBe(1);
            refusal.Field.ShouldBe(field);
            refusal.Problem.ShouldContain(problem);
            refusal.Fix.ShouldNotBeEmpty();
        }
    }

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[{}]")]
    [InlineData("\"fleet-1\"")]
    public void What_is_no_object_is_refused(string element)
    {
        var batch = Body.Decode($"[{element},{Body.Good}]");

        batch.Accepted.ShouldBe(1);
        batch.Refusals.ShouldHaveSingleItem().Problem.ShouldContain("not an object");
    }

    [Fact]
    public void A_refusal_names_the_fleet_as_the_sample_did_wherever_that_stands()
    {
        var long70 = new string('x', 70);
        var emoji = string.Concat(Enumerable.Repeat("🛰", 40));
        var batch = Body.Decode(
            $$"""[{"healthy":[],"fleet":"fleet-2"},{"fleet":"{{long70}}"},{"fleet":"x{{emoji}}"},{}]"""
        );

        batch.Refusals.Select(refusal => refusal.Fleet).ShouldBe(["fleet-2", long70[..63], $"x{emoji}"[..63], ""]);
        batch = Body.Decode($$"""[{"fleet":"{{emoji}}"}]""");
        batch.Refusals[0].Fleet.ShouldBe(emoji[..62]);
    }

    [Fact]
    public void A_broken_line_is_refused_and_the_others_count()
    {
        var batch = Body.Decode(
            $"{Body.Good}\n\n{Body.Good[..40]}\n{Body.Good}{Body.Good}\n{Body.Good} x\nnonsense\n{Body.Good}"
        );

        batch.Accepted.ShouldBe(2);
        batch.Refusals.Select(refusal => refusal.Position).ShouldBe([2, 3, 4, 5]);
        batch.Refusals[0].Problem.ShouldBe("is broken JSON at line 3, byte 41");
        batch.Refusals.ShouldAllBe(refusal => refusal.Problem.StartsWith("is broken JSON", StringComparison.Ordinal));
    }

    [Fact]
    public void An_array_that_is_cut_off_anywhere_is_unreadable_and_nothing_of_it_counts()
    {
        var whole = Encoding.UTF8.GetBytes($"[{Body.Good},\n{Body.Good}]");
        var batch = new TelemetryBatch(Body.Shards);
        for (var length = 0; length < whole.Length; length++)
        {
            var error = Body.Error(whole.AsSpan(0, length), batch).ShouldNotBeNull();

            error.Field.ShouldBe("body");
            batch.Accepted.ShouldBe(0);
            batch.Refusals.ShouldBeEmpty();
            batch.Shards.ShouldAllBe(shard => shard.Count == 0);
        }
    }

    [Theory]
    [InlineData("[\n{\"fleet\":nan}]", "broken JSON at line 2, byte 11")]
    [InlineData($"[{Body.Good}]x", "broken JSON")]
    [InlineData($"[{Body.Good},]", "broken JSON")]
    [InlineData("\"fleet\"", "begins neither")]
    [InlineData("fleet,at", "begins neither")]
    [InlineData(" \r\n ", "is empty")]
    [InlineData("", "is empty")]
    [InlineData("\uFEFF", "is empty")]
    public void A_body_of_no_form_is_unreadable_with_the_place(string body, string problem) =>
        Body.Error(body, new(Body.Shards)).ShouldNotBeNull().Problem.ShouldContain(problem);

    [Fact]
    public void A_body_beyond_the_limits_is_unreadable()
    {
        var batch = new TelemetryBatch(1);

        Body.Error(new string(' ', TelemetryJson.MaxBodyBytes - 2) + "[]", batch).ShouldBeNull();
        Body.Error(new string(' ', TelemetryJson.MaxBodyBytes - 1) + "[]", batch)!
            .Problem.ShouldContain("has 1048577 bytes");
        Body.Error($"[1{Repeat(",1", TelemetryJson.MaxSamples - 1)}]", batch).ShouldBeNull();
        batch.Refusals.Count.ShouldBe(TelemetryJson.MaxSamples);
        Body.Error($"[1{Repeat(",1", TelemetryJson.MaxSamples)}]", batch)!
            .Problem.ShouldContain("more than 100000 samples");
        Body.Error(Repeat("{}\n", TelemetryJson.MaxSamples + 1), batch)!
            .Problem.ShouldContain("more than 100000 samples");
        batch.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public void Samples_past_the_latest_time_are_refused()
    {
        var batch = new TelemetryBatch(Body.Shards);
        var body = Encoding.UTF8.GetBytes(Body.Good);

        TelemetryJson.Decode(body, Body.Find, SampleGen.Noon, batch).ShouldBeNull();
        batch.Accepted.ShouldBe(1);
        TelemetryJson.Decode(body, Body.Find, SampleGen.Noon.AddMilliseconds(-1), batch).ShouldBeNull();

        batch.Accepted.ShouldBe(0);
        batch.Refusals.ShouldHaveSingleItem().Field.ShouldBe("at");
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_never_thrown_at() =>
        Gen.Select(Gen.OneOf("", "[", "[{", "{", "\uFEFF["), Gen.Byte.Array[0, 200])
            .Sample((start, rest) => Decodes([.. Encoding.UTF8.GetBytes(start), .. rest]), iter: 20_000);

    [Fact]
    public void Damaged_bodies_are_read_or_refused_and_never_thrown_at()
    {
        var damage = Gen.Select(Gen.Int[0, 10_000], Gen.OneOf(Gen.Byte, Gen.OneOf<byte>([.. "{}[]\",:\\u0\n-"u8])));
        Gen.Select(Gen.Bool, damage.Array[1, 6])
            .Sample(
                (isArray, changes) =>
                {
                    var body = Encoding.UTF8.GetBytes(
                        isArray ? $"[{Body.Good},{Body.Good}]" : $"{Body.Good}\n{Body.Good}"
                    );
                    foreach (var (place, value) in changes)
                    {
                        body[place % body.Length] = value;
                    }
                    Decodes(body);
                },
                iter: 20_000
            );
    }

    [Fact]
    public void Decoding_allocates_per_batch_and_not_per_sample()
    {
        var body = Encoding.UTF8.GetBytes($"[{Body.Good}{Repeat("," + Body.Good, 4_999)}]");
        FindFleet find = new OneFleet(GoodSample.Fleet).Find;
        var batch = new TelemetryBatch(1);

        var allocated = AllocatedBytes.Of(() => TelemetryJson.Decode(body, find, DateTimeOffset.MaxValue, batch));

        batch.Accepted.ShouldBe(5_000);
        allocated.ShouldBeLessThan(512);
    }

    [Fact]
    public void Written_samples_are_read_back_whole_and_each_body_fits_a_message_and_a_shard() =>
        SampleGen
            .Any.Array[0, 1_500]
            .Sample(
                samples =>
                {
                    var bodies = TelemetryJson.Write(samples, Body.Shards).ToArray();
                    var read = bodies.Select(body => Body.Decode(body.Span)).ToArray();

                    bodies.ShouldAllBe(body => body.Length <= QueueLimits.MaxBodyBytes);
                    read.ShouldAllBe(batch => batch.Shards.Count(shard => shard.Count > 0) == 1);
                    read.SelectMany(Body.Samples).ShouldBe(samples, ignoreOrder: true);
                },
                iter: 10
            );

    private static void Decodes(byte[] body)
    {
        var batch = new TelemetryBatch(Body.Shards);
        if (Body.Error(body, batch) is { } error)
        {
            error.Field.ShouldBe("body");
            (batch.Accepted + batch.Refusals.Count).ShouldBe(0);
        }
        batch.Shards.Sum(shard => shard.Count).ShouldBe(batch.Accepted);
    }

    private static string With(string part, string replacement)
    {
        Body.Good.ShouldContain(part);
        return Body.Good.Replace(part, replacement, StringComparison.Ordinal);
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private sealed class OneFleet(FleetId id)
    {
        public bool Find(ReadOnlySpan<byte> utf8Id, out FleetId fleet, out int shard)
        {
            fleet = id;
            shard = 0;
            return true;
        }
    }
}
