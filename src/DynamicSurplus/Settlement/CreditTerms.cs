using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>What a credit is made of: so many GPU-seconds at a rate.</summary>
/// <param name="Seconds">0 or more.</param>
public readonly record struct CreditTerms(CreditReason Reason, Rate Rate, int Gpus, long Seconds)
{
    public MicroUsd Amount => StatementAmount.Of([new MeterSegment(Rate, Gpus, Seconds)]);
}
