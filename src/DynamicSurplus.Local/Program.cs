using System.CommandLine;
using DynamicSurplus.Local.Commands;

var surplus = new RootCommand("Dynamic Surplus: prices and leases the idle GPUs of a fleet.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    ReplayCommand.Create(),
    VerifyCommand.Create(),
    ChaosCommand.Create(),
    BacktestCommand.Create(),
    CheckModelCommand.Create(),
    KeysCommand.Create(),
    new Command("bench", "Measures this machine.") { BenchKernelCommand.Create(), BenchLeasesCommand.Create() },
};
return await CommandLine.RunAsync(surplus, args);
