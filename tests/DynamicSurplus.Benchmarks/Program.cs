using DynamicSurplus.Benchmarks;

return args switch
{
    ["kernel", .. var fleets] => KernelBenchmark.Run(fleets),
    ["cycle"] => CycleBenchmark.Run(),
    ["decode"] => await DecodeBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Give one of: kernel [FLEETS...], cycle, decode. Example: kernel 65536 4194304");
    return 2;
}
