using DynamicSurplus.Benchmarks;

return args switch
{
    ["kernel", .. var fleets] => KernelBenchmark.Run(fleets),
    ["decode"] => await DecodeBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Give one of: kernel [FLEETS...], decode. Example: kernel 65536 4194304");
    return 2;
}
