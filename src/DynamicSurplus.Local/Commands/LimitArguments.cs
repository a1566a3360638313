using System.CommandLine;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Serving;

namespace DynamicSurplus.Local.Commands;

/// <summary>What tenants and callers may do at most.</summary>
internal sealed class LimitArguments
{
    private static readonly EngineOptions Engine = new();
    private static readonly RequestLimits Requests = RequestLimits.Loopback;

    private readonly Option<int> _liveQuotes = Whole(
        "--live-quotes",
        ITenantHolds.MostHolds,
        Engine.LiveQuotes,
        "Quotes of one tenant that are live at once"
    );

    private readonly Option<int> _heldGpus = Whole(
        "--held-gpus",
        LeaseTerms.MaxGpus,
        Engine.HeldGpus,
        "GPUs that one tenant's live quotes hold together"
    );

    private readonly Option<double?> _tenantShare = new("--tenant-share")
    {
        Description =
            $"Share of a fleet that one tenant's requests count for as demand, above 0, at most 1. Default: "
            + $"{Engine.TenantShare}, with --market 1.",
    };

    private readonly Option<int> _reads = PerMinute("--reads-per-minute", Requests.Reads, "Reads of one caller");

    private readonly Option<int> _writes = PerMinute("--writes-per-minute", Requests.Writes, "Changes by one caller");

    private readonly Option<int> _telemetry = PerMinute(
        "--telemetry-per-minute",
        Requests.Telemetry,
        "Batches of telemetry from one operator"
    );

    private readonly Option<int> _failures = PerMinute(
        "--failures-per-minute",
        Requests.Failures,
        "Requests without a valid credential from one address"
    );

    public void AddTo(Command command)
    {
        _tenantShare.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is { } share && !(share > 0 && share <= 1))
            {
                result.AddError($"{_tenantShare.Name} {share} is not above 0 and at most 1.");
            }
        });
        command.Options.Add(_tenantShare);
        foreach (var option in (Option[])[_liveQuotes, _heldGpus, _reads, _writes, _telemetry, _failures])
        {
            command.Options.Add(option);
        }
    }

    public HostOptions Apply(ParseResult arguments, HostOptions options) =>
        options with
        {
            LiveQuotes = arguments.GetValue(_liveQuotes),
            HeldGpus = arguments.GetValue(_heldGpus),
            TenantShare = arguments.GetValue(_tenantShare),
            Requests = new()
            {
                Reads = new(arguments.GetValue(_reads)),
                Writes = new(arguments.GetValue(_writes)),
                Telemetry = new(arguments.GetValue(_telemetry)),
                Failures = new(arguments.GetValue(_failures)),
            },
        };

    private static Option<int> PerMinute(string name, RequestBudget otherwise, string what) =>
        Whole(name, RequestBudget.MostPerMinute, otherwise.PerMinute, what);

    private static Option<int> Whole(string name, int most, int otherwise, string what)
    {
        var option = new Option<int>(name)
        {
            Description = $"{what}, 1 to {most}.",
            DefaultValueFactory = _ => otherwise,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < 1 || value > most))
            {
                result.AddError($"{name} {value} is outside 1 to {most}.");
            }
        });
        return option;
    }
}
