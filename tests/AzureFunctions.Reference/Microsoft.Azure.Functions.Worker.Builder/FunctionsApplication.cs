namespace Microsoft.Azure.Functions.Worker.Builder;

public static class FunctionsApplication
{
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) =>
        throw new NotSupportedException(TwinOnly.Reason);
}
