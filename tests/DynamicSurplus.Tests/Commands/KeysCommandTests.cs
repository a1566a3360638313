using System.CommandLine;
using System.Text.Json.Nodes;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Local.Commands;
using DynamicSurplus.Tests.Conventions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Commands;

public sealed class KeysCommandTests : IDisposable
{
    private const string Settings = """
        {
          "IsEncrypted": false,
          "Values": { "AzureWebJobsStorage": "UseDevelopmentStorage=true", "Note": "<grün>" },
          "Host": { "LocalHttpPort": 7071 }
        }
        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Hashes_go_to_the_file_and_the_keys_to_the_console()
    {
        await File.WriteAllTextAsync(_file, Settings, TestContext.Current.CancellationToken);

        var (exitCode, output, _) = await RunAsync("--tenants", "acme, globex");

        exitCode.ShouldBe(0);
        var keys = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(line => line.TrimEnd().Split('\t'))
            .ToArray();
        keys.Select(key => key[0]).ShouldBe(["operator", "auditor", "acme", "globex"]);
        var values = Values();
        for (var number = 0; number < keys.Length; number++)
        {
            values[$"ApiKeys__{number}__Name"].ShouldBe(keys[number][0]);
            values[$"ApiKeys__{number}__Sha256"].ShouldBe(ApiKey.Hash(keys[number][1]));
        }
        Enumerable
            .Range(0, 4)
            .Select(number => values[$"ApiKeys__{number}__Role"])
            .ShouldBe(["Operator", "Auditor", "Customer", "Customer"]);
        values
            .Where(value => value.Key.EndsWith("__Tenant", StringComparison.Ordinal))
            .Select(value => value.Value)
            .ShouldBe(["acme", "globex"]);
        values.Count.ShouldBe(2 + (4 * 3) + 2);
    }

    [Fact]
    public async Task Whatever_else_is_in_the_file_stays()
    {
        await File.WriteAllTextAsync(_file, Settings, TestContext.Current.CancellationToken);
        var before = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(_file);

        await RunAsync();

        Values()["Note"].ShouldBe("<grün>");
        Root()["Host"]!["LocalHttpPort"]!.GetValue<int>().ShouldBe(7071);
        File.ReadAllText(_file).ShouldContain("<grün>");
        (OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(_file)).ShouldBe(before);
    }

    [Fact]
    public async Task The_function_app_s_example_can_take_them()
    {
        File.Copy(
            SourceTree.PathOf("src/DynamicSurplus.Functions/local.settings.example.json"),
            _file,
            overwrite: true
        );

        var (exitCode, _, error) = await RunAsync();

        exitCode.ShouldBe(0, error);
    }

    [Fact]
    public async Task Keys_that_are_there_are_replaced_by_force_alone()
    {
        await File.WriteAllTextAsync(_file, Settings, TestContext.Current.CancellationToken);
        await RunAsync("--tenants", "a,b,c");
        var first = File.ReadAllText(_file);

        var refused = await RunAsync();
        var untouched = File.ReadAllText(_file);
        var forced = await RunAsync("--force");

        (refused.ExitCode, refused.Output).ShouldBe((1, ""));
        refused.Error.ShouldContain("--force");
        untouched.ShouldBe(first);
        forced.ExitCode.ShouldBe(0);
        Values().Keys.ShouldNotContain("ApiKeys__3__Name");
        Values()["ApiKeys__0__Sha256"].ShouldNotBe(JsonNode.Parse(first)!["Values"]!["ApiKeys__0__Sha256"]!.ToString());
    }

    [Theory]
    [InlineData("{ // mine\n\"Values\":{}}", "comments would be lost")]
    [InlineData("[]", "has no object 'Values'")]
    [InlineData("{\"Values\":null}", "has no object 'Values'")]
    [InlineData("{\"IsEncrypted\":true,\"Values\":{}}", "func settings decrypt")]
    [InlineData("{\"Values\":{\"apikeys:0:Name\":\"x\"}}", "has API keys")]
    public async Task A_file_that_cannot_take_them_is_left_alone(string settings, string words)
    {
        await File.WriteAllTextAsync(_file, settings, TestContext.Current.CancellationToken);

        var run = await RunAsync();

        run.ExitCode.ShouldNotBe(0);
        run.Error.ShouldContain(words);
        run.Output.ShouldBeEmpty();
        File.ReadAllText(_file).ShouldBe(settings);
    }

    [Theory]
    [InlineData("Acme")]
    [InlineData("acme,")]
    public void A_tenant_that_is_none_is_named(string tenants) =>
        KeysCommand
            .Create()
            .Parse(["--settings", _file, "--tenants", tenants])
            .Errors.ShouldHaveSingleItem()
            .Message.ShouldContain("is no tenant id");

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exitCode = await KeysCommand
            .Create()
            .Parse(["--settings", _file, .. arguments])
            .InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error },
                TestContext.Current.CancellationToken
            );
        return (exitCode, output.ToString(), error.ToString());
    }

    private JsonNode Root() => JsonNode.Parse(File.ReadAllText(_file))!;

    private Dictionary<string, string> Values() =>
        Root()["Values"]!.AsObject().ToDictionary(value => value.Key, value => value.Value!.ToString());
}
