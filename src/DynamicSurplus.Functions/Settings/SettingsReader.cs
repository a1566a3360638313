using System.Globalization;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Configuration;
using NCrontab;

namespace DynamicSurplus.Functions.Settings;

/// <summary>Reads settings one by one, and remembers all that is wrong with them.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private static readonly DateTime AnyDay = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly List<FieldError> _errors = [];

    /// <exception cref="InvalidSettingsException">Something was wrong.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw new InvalidSettingsException(_errors);
        }
    }

    public void Check(bool isRight, string key, string problem, string fix)
    {
        if (!isRight)
        {
            // As an environment variable is named, and as local.settings.json and the portal show it.
            _errors.Add(new(key.Replace(":", "__", StringComparison.Ordinal), problem, fix));
        }
    }

    /// <summary>Checks a value by making of it what will be made of it.</summary>
    /// <param name="make">Throws a <see cref="FormatException"/> that says what is wrong, and shows no secret.</param>
    public void Try(string key, Action make)
    {
        try
        {
            make();
        }
        catch (FormatException unfit)
        {
            Check(false, key, "is unfit", unfit.Message);
        }
    }

    /// <summary>Null where it is absent or blank.</summary>
    public string? Text(string key) =>
        string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key]!.Trim();

    public string Required(string key)
    {
        var text = Text(key);
        Check(text is not null, key, "is missing", "set it; local.settings.example.json shows a value");
        return text ?? "";
    }

    public int Whole(string key, int least, int most, int otherwise)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }
        var isWhole = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        var isRight = isWhole && value >= least && value <= most;
        Check(isRight, key, $"is '{text}'", $"give a whole number from {least} to {most}");
        return isRight ? value : otherwise;
    }

    /// <summary>Above 0, at most 1.</summary>
    public double Share(string key, double otherwise)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value);
        var isRight = isNumber && value > 0 && value <= 1;
        Check(isRight, key, $"is '{text}'", "give a number above 0, at most 1, such as 0.2");
        return isRight ? value : otherwise;
    }

    /// <summary>False where it is absent.</summary>
    public bool Flag(string key)
    {
        var text = Text(key) ?? "false";
        Check(bool.TryParse(text, out var isOn), key, $"is '{text}'", "give true or false");
        return isOn;
    }

    /// <summary>
    /// Whether a function is switched off. As the platform takes it: dots are underscores on Linux plans, 1 is true,
    /// and without the setting the function is on.
    /// </summary>
    public bool IsDisabled(string function)
    {
        var key = DisabledKey(function);
        var text = Text(key) ?? Text($"AzureWebJobs_{function}_Disabled") ?? "false";
        var isOn = text.Equals("true", StringComparison.OrdinalIgnoreCase) || text is "1";
        var isOff = text.Equals("false", StringComparison.OrdinalIgnoreCase) || text is "0";
        Check(isOn || isOff, key, $"is '{text}'", "give true or false");
        return isOn;
    }

    public static string DisabledKey(string function) => $"AzureWebJobs.{function}.Disabled";

    public TickLength TickLength(string key)
    {
        var otherwise = Measures.TickLength.Default;
        var seconds = Whole(key, 1, int.MaxValue, otherwise.Seconds);
        try
        {
            return Measures.TickLength.FromSeconds(seconds);
        }
        catch (ArgumentOutOfRangeException)
        {
            Check(false, key, $"is {seconds}", "give 10 to 3600 seconds that divide an hour");
            return otherwise;
        }
    }

    /// <param name="every">How far apart its times must be; null: anything.</param>
    public void Schedule(string key, TimeSpan? every = null)
    {
        var text = Required(key);
        if (text.Length == 0)
        {
            return;
        }
        var schedule = CrontabSchedule.TryParse(text, new() { IncludingSeconds = true });
        Check(schedule is not null, key, $"is '{text}'", "give six NCRONTAB fields, such as '1 * * * * *'");
        if (schedule is null || every is null)
        {
            return;
        }
        var times = schedule.GetNextOccurrences(AnyDay, AnyDay + (10 * every.Value)).Take(10).ToArray();
        var isEvery = times.Length >= 9 && times.Zip(times.Skip(1)).All(pair => pair.Second - pair.First == every);
        Check(
            isEvery,
            key,
            $"'{text}' does not come every {every.Value.TotalSeconds:0} s, the tick's length",
            "make the two agree: Surplus__TickSeconds is the other one"
        );
    }

    public ReadOnlyMemory<byte> Secret(string key, int leastBytes)
    {
        if (Text(key) is not { } text)
        {
            return ReadOnlyMemory<byte>.Empty;
        }
        var bytes = new byte[text.Length];
        var isBase64 = Convert.TryFromBase64String(text, bytes, out var length);
        // What it is instead is not shown: it may be the secret.
        Check(isBase64 && length >= leastBytes, key, "is unfit", $"give Base64 of at least {leastBytes} random bytes");
        return bytes.AsMemory(0, isBase64 ? length : 0);
    }

    public Uri? Address(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }
        var isAddress = Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https";
        Check(isAddress, key, $"is '{text}'", "give an https address, such as https://account.table.core.windows.net");
        return isAddress ? address : null;
    }

    /// <summary>Of a user-assigned identity; null where there is none.</summary>
    public string? ClientId(string key)
    {
        var text = Text(key);
        Check(text is null || Guid.TryParse(text, out _), key, $"is '{text}'", "give the identity's client id, a GUID");
        return text;
    }

    /// <summary>Where telemetry of the app itself goes; null where there is no such place.</summary>
    public string? MonitorConnection(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }
        // It is not shown: whoever has it can write there.
        Check(
            Guid.TryParse(PairsOf(text).GetValueOrDefault("InstrumentationKey"), out _),
            key,
            "cannot be read",
            "give the connection string of the Application Insights resource, InstrumentationKey=…;IngestionEndpoint=…"
        );
        return text;
    }

    /// <summary>The client id in <c>ClientId=…;Authorization=AAD</c>; null where there is none.</summary>
    public string? MonitorClientId(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }
        var pairs = PairsOf(text);
        var client = pairs.GetValueOrDefault("ClientId");
        Check(
            string.Equals(pairs.GetValueOrDefault("Authorization"), "AAD", StringComparison.OrdinalIgnoreCase)
                && (client is null || Guid.TryParse(client, out _)),
            key,
            $"is '{text}'",
            "give Authorization=AAD, and before it ClientId=…; where the identity is user-assigned"
        );
        return client;
    }

    public IReadOnlyList<ApiKey> ApiKeys(string key)
    {
        var keys = new List<ApiKey>();
        foreach (var section in configuration.GetSection(key).GetChildren())
        {
            try
            {
                keys.Add(Read(section));
                _ = new ApiKeys(keys, TimeProvider.System); // it knows what a key must be
            }
            catch (Exception unfit) when (unfit is ArgumentException or FormatException)
            {
                keys.Clear();
                Check(false, section.Path, "is no API key", unfit.Message);
            }
        }
        return keys;
    }

    /// <summary>Null where neither authority nor audience is set.</summary>
    public EntraOptions? Entra(string key)
    {
        if (Text($"{key}:Authority") is null && Text($"{key}:Audience") is null)
        {
            return null;
        }
        var options = new EntraOptions
        {
            Authority = Text($"{key}:Authority") ?? "",
            Audience = Text($"{key}:Audience") ?? "",
            TenantClaim = Text($"{key}:TenantClaim") ?? EntraOptions.DirectoryClaim,
            AllowedDirectories =
            [
                .. configuration
                    .GetSection($"{key}:AllowedDirectories")
                    .GetChildren()
                    .Select(child => child.Value ?? ""),
            ],
            HomeDirectory = Text($"{key}:HomeDirectory"),
        };
        foreach (var error in options.Errors())
        {
            Check(false, $"{key}:{error.Field}", error.Problem, error.Fix);
        }
        return options;
    }

    private static ApiKey Read(IConfigurationSection section) =>
        new(
            section["Name"] ?? throw new FormatException("Name is missing."),
            Enum.TryParse<Roles>(section["Role"], ignoreCase: true, out var role)
                ? role
                : throw new FormatException($"Role is '{section["Role"]}', not operator, customer or auditor."),
            section["Tenant"] is { Length: > 0 } tenant ? TenantId.Parse(tenant) : null,
            section["Sha256"] ?? throw new FormatException("Sha256 is missing."),
            section["NotAfter"] is { Length: > 0 } notAfter
                ? DateTimeOffset.Parse(notAfter, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                : null
        );

    /// <summary>Of <c>a=…;b=…</c>; names ignore case.</summary>
    private static Dictionary<string, string> PairsOf(string text)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
            {
                pairs[part[..at]] = part[(at + 1)..];
            }
        }
        return pairs;
    }
}
