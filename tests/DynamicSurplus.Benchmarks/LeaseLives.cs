using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Benchmarks;

/// <summary>The commands of a spot lease's life, from the quote to the statement, a reclaim included.</summary>
internal static class LeaseLives
{
    private static readonly DateTimeOffset Start = new(2026, 8, 22, 10, 0, 0, TimeSpan.Zero);
    private static readonly Tick Tick = Tick.At(Start, TickLength.Default);
    private static readonly LeaseTerms Terms = new(
        TenantId.Parse("acme"),
        FleetId.Parse("north"),
        LeaseTier.Spot,
        Gpus: 4,
        Term: TimeSpan.FromHours(1),
        Rate: Rate.FromUsd(2.5m),
        MaxRate: null,
        Notice: TimeSpan.FromMinutes(2),
        MinimumRun: TimeSpan.Zero,
        GrantTimeout: TimeSpan.FromMinutes(10)
    );

    public static LeaseCommand[] Commands { get; } =
    [
        new LeaseCommand.Hold(Id("hold"), Start, Tick, Terms, At(60), At(65), "hash"),
        new LeaseCommand.Accept(Id("accept"), At(5), Tick),
        new LeaseCommand.ConfirmGrant(Id("grant"), At(5), Tick),
        new LeaseCommand.Reclaim(Id("reclaim"), At(900), Tick, ReclaimReason.InternalDemand),
        new LeaseCommand.ConfirmNotice(Id("notice"), At(900), Tick),
        new LeaseCommand.Wake(Id("wake"), At(1020), Tick),
        new LeaseCommand.Settle(Id("settle"), At(1020), Tick),
    ];

    private static CommandId Id(string text) => CommandId.From(text);

    private static DateTimeOffset At(int seconds) => Start.AddSeconds(seconds);
}
