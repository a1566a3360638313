using System.Text;
using CsCheck;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Wire;

public sealed class LeaseEventJsonTests
{
    [Fact]
    public void Events_have_the_bytes_that_journals_hold()
    {
        foreach (var (happened, stored) in GoldenLeases.Events)
        {
            var golden = Envelope(OneLine(stored));

            Text(LeaseEventJson.Write(Envelope(happened))).ShouldBe(golden);
            LeaseEventJson.Read(Bytes(golden)).ShouldBe(Envelope(happened));
        }
    }

    [Fact]
    public void Effects_have_the_bytes_that_journals_hold()
    {
        foreach (var (effect, stored) in GoldenLeases.Effects)
        {
            Text(LeaseEventJson.WriteEffect(effect)).ShouldBe(OneLine(stored));
            LeaseEventJson.ReadEffect(Bytes(stored)).ShouldBe(effect);
        }
    }

    [Fact]
    public void Every_case_of_an_event_and_an_effect_is_among_those_bytes()
    {
        GoldenLeases
            .Events.Select(golden => golden.Event.GetType())
            .Distinct()
            .ShouldBe(CasesOf<LeaseEvent>(), ignoreOrder: true);
        GoldenLeases
            .Effects.Select(golden => golden.Effect.GetType())
            .Distinct()
            .ShouldBe(CasesOf<LeaseEffect>(), ignoreOrder: true);
    }

    [Fact]
    public void Events_come_back_as_they_were() =>
        GenLease.Envelope.Sample(envelope => LeaseEventJson.Read(LeaseEventJson.Write(envelope)) == envelope);

    [Fact]
    public void Events_written_again_have_the_same_bytes() =>
        GenLease.Envelope.Sample(envelope =>
        {
            var stored = LeaseEventJson.Write(envelope);
            return LeaseEventJson.Write(LeaseEventJson.Read(stored)).Span.SequenceEqual(stored.Span);
        });

    [Fact]
    public void Effects_come_back_as_they_were() =>
        GenLease.Effect.Sample(effect => LeaseEventJson.ReadEffect(LeaseEventJson.WriteEffect(effect)) == effect);

    [Fact]
    public void Hash_is_the_sha256_of_the_stored_bytes_in_lower_case() =>
        LeaseEventJson.Hash("abc"u8).ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    [Theory]
    [InlineData("\"at\":\"2026-08-01T12:00:00.000Z\"", "\"at\":\"2026-08-01T14:00:00+02:00\"")]
    [InlineData("\"at\":\"2026-08-01T12:00:00.000Z\"", "\"at\":\"2026-08-01T12:00:00Z\"")]
    [InlineData("\"at\":\"2026-08-01T12:00:00.000Z\"", "\"at\":\"2026-08-01T12:00:00.000\"")]
    [InlineData("\"type\":\"granted\",", "\"type\":\"granted\",\"later\":{\"x\":[1,2]},")]
    [InlineData("\"version\":3,", "\"later\":null,\"version\":3,")]
    [InlineData(
        "{\"type\":\"granted\",\"endsAt\":\"2026-08-01T13:00:00.000Z\",",
        "{\"endsAt\":\"2026-08-01T13:00:00.000Z\",\"type\":\"granted\","
    )]
    public void Event_reads_the_same_in_another_spelling(string written, string instead)
    {
        var granted = Envelope(new LeaseEvent.Granted(GoldenLeases.Noon, GoldenLeases.Noon.AddHours(1)));

        LeaseEventJson.Read(Bytes(Changed(granted, written, instead))).ShouldBe(granted);
    }

    [Theory]
    [InlineData("\"type\":\"held\"", "\"type\":\"hired\"", "hired")]
    [InlineData("\"type\":\"held\",", "", "type")]
    [InlineData("\"gpus\":16,", "", "gpus")]
    [InlineData("\"gpus\":16,", "\"gpus\":16.5,", "gpus")]
    [InlineData("\"gpus\":16,", "\"gpus\":\"16\",", "gpus")]
    [InlineData("\"tier\":\"firm\"", "\"tier\":1", "tier")]
    [InlineData("\"tier\":\"firm\"", "\"tier\":\"solid\"", "tier")]
    [InlineData("\"tenant\":\"acme\"", "\"tenant\":\"Acme Inc.\"", "Acme Inc.")]
    [InlineData("\"tenant\":\"acme\"", "\"tenant\":null", "tenant")]
    [InlineData("\"fleet\":\"eu-north-1-h100\"", "\"fleet\":\"eu/north\"", "eu/north")]
    [InlineData("\"fleet\":\"eu-north-1-h100\"", "\"fleet\":7", "fleet")]
    [InlineData("\"rateSteps\":18281", "\"rateSteps\":-1", "rateSteps")]
    [InlineData("\"rateSteps\":18281", "\"rateSteps\":100000001", "rateSteps")]
    [InlineData("\"rateSteps\":18281", "\"rateSteps\":9223372036854775807", "rateSteps")]
    [InlineData("\"rateSteps\":18281", "\"rateSteps\":1.8281", "rateSteps")]
    [InlineData("\"termSeconds\":3600", "\"termSeconds\":9223372036854775807", "termSeconds")]
    [InlineData("\"lease\":\"0123456789abcdef0123456789abcdef\"", "\"lease\":\"0123\"", "0123")]
    [InlineData("\"commandId\":\"accept-1\"", "\"commandId\":\"\"", "commandId")]
    [InlineData("\"expiresAt\":\"2026-08-01T12:01:00.000Z\"", "\"expiresAt\":\"yesterday\"", "yesterday")]
    [InlineData("\"expiresAt\":\"2026-08-01T12:01:00.000Z\"", "\"expiresAt\":1785585660", "expiresAt")]
    [InlineData("\"terms\":{", "\"terms\":null,\"then\":{", "terms")]
    [InlineData("\"event\":{", "\"happened\":{", "event")]
    public void Event_that_cannot_be_read_says_where(string written, string instead, string where)
    {
        var stored = Changed(Envelope(GoldenLeases.Events[0].Event), written, instead);

        var refusal = Should.Throw<FormatException>(() => LeaseEventJson.Read(Bytes(stored)));

        refusal.Message.ShouldContain(where);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"type\":\"grant\"")]
    [InlineData("{\"type\":\"grant\"}{}")]
    [InlineData("{\"type\":\"give\"}")]
    [InlineData("{}")]
    public void Effect_that_cannot_be_read_is_refused(string stored)
    {
        Should.Throw<FormatException>(() => LeaseEventJson.ReadEffect(Bytes(stored)));
        Should.Throw<FormatException>(() => LeaseEventJson.Read(Bytes(stored)));
    }

    [Fact]
    public void Duration_of_broken_seconds_is_not_stored()
    {
        var terms = GoldenLeases.SpotTerms with { Notice = TimeSpan.FromMilliseconds(1_500) };

        Should.Throw<ArgumentException>(() =>
            LeaseEventJson.Write(
                Envelope(new LeaseEvent.Held(GoldenLeases.Noon, terms, GoldenLeases.Noon, GoldenLeases.Noon, ""))
            )
        );
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Number_that_is_none_is_not_stored(double probability)
    {
        var terms = GoldenLeases.SpotTerms with { InterruptionProbability = probability };

        Should.Throw<ArgumentException>(() =>
            LeaseEventJson.Write(
                Envelope(new LeaseEvent.Held(GoldenLeases.Noon, terms, GoldenLeases.Noon, GoldenLeases.Noon, ""))
            )
        );
    }

    private static LeaseEventEnvelope Envelope(LeaseEvent happened) =>
        new(
            LeaseId.Parse("0123456789abcdef0123456789abcdef"),
            Version: 3,
            LeaseEventEnvelope.CurrentSchemaVersion,
            CommandId.From("accept-1"),
            new Tick(1_785_585_600),
            new string('0', 64),
            happened
        );

    private static string Envelope(string happened) =>
        OneLine(
            """
            {"lease":"0123456789abcdef0123456789abcdef","version":3,"schemaVersion":1,"commandId":"accept-1",
            "causingTick":1785585600,
            "previousHash":"0000000000000000000000000000000000000000000000000000000000000000","event":
            """
        )
        + happened
        + "}";

    private static string Changed(LeaseEventEnvelope envelope, string written, string instead)
    {
        var stored = Text(LeaseEventJson.Write(envelope));
        stored.ShouldContain(written, Case.Sensitive);
        return stored.Replace(written, instead, StringComparison.Ordinal);
    }

    private static IEnumerable<Type> CasesOf<T>() =>
        typeof(T).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(T)));

    private static string OneLine(string stored) => stored.ReplaceLineEndings("");

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    private static ReadOnlyMemory<byte> Bytes(string json) => Encoding.UTF8.GetBytes(json);
}
