using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Commands;

public sealed class CommandLineTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("demo")]
    [InlineData("serve")]
    [InlineData("replay")]
    [InlineData("backtest")]
    [InlineData("check-model")]
    [InlineData("keys")]
    [InlineData("bench kernel")]
    [InlineData("bench leases")]
    public async Task Help_of_every_command_shows_an_example(string command)
    {
        await using var surplus = await SurplusProcess.RunAsync(Stop, [.. command.Split(' '), "--help"]);

        surplus.ExitCode.ShouldBe(0);
        surplus.Output.ShouldContain($"Example: surplus {command}");
    }

    [Theory]
    [InlineData("--speed 0 is outside 1 to 3600", "demo", "--speed", "0")]
    [InlineData("is no time: give 1s to 24h", "demo", "--for", "soon")]
    [InlineData("--port takes 0 to 65535", "serve", "--port", "70000")]
    [InlineData("is none of: azurite, memory, or a connection string", "serve", "--storage", "disk")]
    [InlineData("--entra-audience '' is no audience", "serve", "--entra-authority", "https://login.example/x/v2.0")]
    [InlineData("--entra-authority 'login.example' is no authority", "serve", "--entra-authority", "login.example")]
    [InlineData(
        "is of many directories: give the authority of one",
        "serve",
        "--entra-authority",
        "https://login.example/common/v2.0",
        "--entra-audience",
        "x"
    )]
    [InlineData("--rate 0 is outside 2 to 10000", "bench", "leases", "--rate", "0")]
    [InlineData("'--settings' is required", "keys")]
    [InlineData("does not exist", "keys", "--settings", "no-such-file.json")]
    [InlineData("does not exist", "replay", "no-such-file.csv")]
    [InlineData("does not exist", "backtest", "no-such-file.csv")]
    [InlineData("no-such-file.json", "check-model", "no-such-file.json")]
    public async Task Bad_argument_says_what_was_expected_and_exits_2(string words, params string[] arguments)
    {
        await using var surplus = await SurplusProcess.RunAsync(Stop, arguments);

        surplus.Errors.ShouldContain(words);
        surplus.ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Demo_in_memory_leases_settles_and_adds_up()
    {
        await using var surplus = await SurplusProcess.RunAsync(
            Stop,
            "demo",
            "--storage",
            "memory",
            "--for",
            "15s",
            "--port",
            "0"
        );

        surplus.ExitCode.ShouldBe(0, surplus.Output + surplus.Errors);
        surplus.Output.ShouldContain("every GPU and every cent adds up");
        surplus.Output.ShouldNotContain("in 0 leases");
    }
}
