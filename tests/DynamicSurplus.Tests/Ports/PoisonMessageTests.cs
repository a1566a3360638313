using System.Text;
using CsCheck;
using DynamicSurplus.Engine.Ports;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Ports;

public sealed class PoisonMessageTests
{
    private static readonly byte[] Full =
    [
        .. Enumerable.Range(0, QueueLimits.MaxBodyBytes).Select(i => (byte)(i % 251)),
    ];

    [Fact]
    public void Reason_and_body_are_whole_where_they_fit()
    {
        var body = Full.AsMemory(0, QueueLimits.MaxBodyBytes - PoisonMessage.FrameBytes - 3);

        var poison = PoisonMessage.Fit("bad", body);

        poison.Reason.ShouldBe("bad");
        poison.Body.Span.SequenceEqual(body.Span).ShouldBeTrue();
        PoisonMessage.Fit("", Array.Empty<byte>()).Body.Length.ShouldBe(0);
    }

    [Fact]
    public void Body_loses_its_end_to_the_reason_and_the_frame()
    {
        var poison = PoisonMessage.Fit("größe", Full);

        poison.Reason.ShouldBe("größe");
        poison.Body.Length.ShouldBe(QueueLimits.MaxBodyBytes - PoisonMessage.FrameBytes - 7);
        poison.Body.Span.SequenceEqual(Full.AsSpan(0, poison.Body.Length)).ShouldBeTrue();
    }

    [Fact]
    public void Reason_is_cut_between_characters()
    {
        var reason = new string('r', PoisonMessage.MaxReasonLength - 1) + "🛰";

        PoisonMessage.Fit(reason, default).Reason.ShouldBe(new string('r', PoisonMessage.MaxReasonLength - 1));
        PoisonMessage.Fit($"{reason[1..]}!", default).Reason.ShouldBe(reason[1..]);
        PoisonMessage.Fit(new string('r', 2_000), default).Reason.Length.ShouldBe(PoisonMessage.MaxReasonLength);
    }

    [Fact]
    public void Poison_always_fits_in_a_message() =>
        Gen.Select(Gen.String[0, 2_000], Gen.Int[0, QueueLimits.MaxBodyBytes])
            .Sample(
                (reason, length) =>
                {
                    var poison = PoisonMessage.Fit(reason, Full.AsMemory(0, length));
                    var bytes = Encoding.UTF8.GetByteCount(poison.Reason) + PoisonMessage.FrameBytes;
                    return bytes + poison.Body.Length <= QueueLimits.MaxBodyBytes;
                }
            );
}
