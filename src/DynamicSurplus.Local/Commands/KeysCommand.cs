using System.CommandLine;
using System.Text.Json;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Commands;

/// <summary><c>surplus keys</c>: API keys for the function app on a developer's machine.</summary>
public static class KeysCommand
{
    public static Command Create()
    {
        var settings = new Option<FileInfo>("--settings")
        {
            Description = "A local.settings.json, whose Values get the keys' hashes.",
            Required = true,
        };
        settings.AcceptExistingOnly();
        var tenants = new Option<string[]>("--tenants")
        {
            Description = "Customers to make a key for, with commas between. Default: customer.",
            DefaultValueFactory = _ => ["customer"],
            CustomParser = result =>
            {
                var names = result.Tokens.Single().Value.Split(',', StringSplitOptions.TrimEntries);
                if (names.FirstOrDefault(name => !TenantId.TryParse(name, out _)) is { } wrong)
                {
                    result.AddError($"--tenants: '{wrong}' is no tenant id: give {TenantId.Shape}.");
                }
                return [.. names.Distinct(StringComparer.Ordinal)];
            },
        };
        var force = new Option<bool>("--force")
        {
            Description = "Replace the keys that are there: whoever uses them is locked out.",
        };
        var command = new Command(
            "keys",
            "API keys for the function app on this machine, shown once: the file keeps their hashes alone.\n"
                + "Example: surplus keys --settings local.settings.json --tenants acme,globex"
        )
        {
            settings,
            tenants,
            force,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                RunAsync(
                    arguments.GetRequiredValue(settings).FullName,
                    arguments.GetRequiredValue(tenants),
                    arguments.GetValue(force),
                    arguments.InvocationConfiguration,
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        string path,
        string[] tenants,
        bool force,
        InvocationConfiguration console,
        CancellationToken cancellationToken
    )
    {
        var keys = HostKeys.New(tenants);
        try
        {
            var settings = await SettingsFile.LoadAsync(path, cancellationToken);
            if (settings.HasKeys && !force)
            {
                await console.Error.WriteLineAsync(
                    $"surplus: {path} has API keys. --force replaces them, and locks out whoever uses them."
                );
                return CommandLine.Failed;
            }
            settings.SetKeys(keys.Hashed());
            await settings.SaveAsync(cancellationToken);
        }
        catch (JsonException exception)
        {
            await console.Error.WriteLineAsync($"surplus: {exception.Message}");
            return CommandLine.Misused;
        }
        await console.Output.WriteLineAsync("Shown once; the file holds their hashes.");
        foreach (var (name, secret) in keys.Named())
        {
            await console.Output.WriteLineAsync($"{name}\t{secret}");
        }
        return CommandLine.Done;
    }
}
