using DynamicSurplus.Benchmarks;

return args switch
{
    ["kernel", .. var fleets] => KernelBenchmark.Run(fleets),
    ["cycle"] => CycleBenchmark.Run(),
    ["decode"] => await DecodeBenchmark.RunAsync(),
    ["decide"] => await DecideBenchmark.RunAsync(),
    ["month"] => MonthBenchmark.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "Give one of: kernel [FLEETS...], cycle, decode, decide, month. Example: kernel 65536 4194304"
    );
    return 2;
}
