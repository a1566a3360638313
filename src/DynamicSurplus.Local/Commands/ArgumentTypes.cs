using System.CommandLine;
using System.Globalization;
using DynamicSurplus.Local.Serving;

namespace DynamicSurplus.Local.Commands;

/// <summary>Options that several commands share, with what they expect in their errors.</summary>
internal static class ArgumentTypes
{
    public static Option<double> Speed(double otherwise)
    {
        var option = new Option<double>("--speed")
        {
            Description = $"Engine time over wall time, 1 to {HostOptions.MaxSpeed:F0}.",
            DefaultValueFactory = _ => otherwise,
        };
        option.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<double>();
            if (!(value >= 1 && value <= HostOptions.MaxSpeed))
            {
                result.AddError($"--speed {value} is outside 1 to {HostOptions.MaxSpeed:F0}.");
            }
        });
        return option;
    }

    public static Option<int> Port(int otherwise)
    {
        var option = new Option<int>("--port")
        {
            Description = "Of the API on 127.0.0.1; 0: any free one.",
            DefaultValueFactory = _ => otherwise,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65_535)
            {
                result.AddError("--port takes 0 to 65535.");
            }
        });
        return option;
    }

    public static Option<StorageChoice> Storage() =>
        new("--storage")
        {
            Description = "azurite (default), memory, or the connection string of a storage account.",
            DefaultValueFactory = _ => new StorageChoice.Azurite(),
            CustomParser = result =>
            {
                try
                {
                    return StorageChoice.Parse(result.Tokens.Single().Value);
                }
                catch (FormatException exception)
                {
                    result.AddError(exception.Message);
                    return new StorageChoice.Memory();
                }
            },
        };

    public static Option<string> Data() =>
        new("--data")
        {
            Description = "Folder of host.json, keys and storage. Default: .surplus.",
            DefaultValueFactory = _ => ".surplus",
        };

    /// <summary>A folder that is not there yet, or empty; null: a temporary one, gone at the end.</summary>
    public static Option<string?> NewData()
    {
        var option = new Option<string?>("--data")
        {
            Description = "Folder to keep the data in; new or empty. Default: a temporary one.",
        };
        option.Validators.Add(result =>
        {
            var folder = result.GetValueOrDefault<string?>();
            if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            {
                result.AddError($"--data {folder} is there and not empty: name a folder that is new or empty.");
            }
        });
        return option;
    }

    public static Option<long?> Seed(string description) =>
        new("--seed")
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                var text = result.Tokens.Single().Value;
                if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed))
                {
                    return seed;
                }
                result.AddError($"--seed '{text}' is no whole number of 64 bits: give one, such as 7.");
                return null;
            },
        };

    public static Argument<FileInfo[]> Recordings()
    {
        var files = new Argument<FileInfo[]>("FILE")
        {
            Description = "Recorded telemetry: .csv, .ndjson or .jsonl, plain or .gz; a file is a fleet.",
            Arity = ArgumentArity.OneOrMore,
        };
        files.AcceptExistingOnly();
        return files;
    }

    /// <summary>A time such as 90s, 5m or 2h, from 1 s to 24 h.</summary>
    public static Option<TimeSpan> Duration(string name, TimeSpan otherwise, string description) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => otherwise,
            CustomParser = result =>
            {
                var text = result.Tokens.Single().Value;
                if (TryParse(text, out var duration))
                {
                    return duration;
                }
                result.AddError($"{name} '{text}' is no time: give 1s to 24h, such as 90s, 5m or 2h.");
                return otherwise;
            },
        };

    private static bool TryParse(string text, out TimeSpan duration)
    {
        var unit =
            text.Length < 2
                ? 0
                : text[^1] switch
                {
                    's' => 1,
                    'm' => 60,
                    'h' => 3600,
                    _ => 0,
                };
        duration = default;
        if (unit == 0 || !double.TryParse(text[..^1], CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }
        var seconds = value * unit;
        if (!(seconds >= 1 && seconds <= 86_400))
        {
            return false;
        }
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
