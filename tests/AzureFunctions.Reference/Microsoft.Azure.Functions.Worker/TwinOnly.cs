namespace Microsoft.Azure.Functions.Worker;

/// <summary>Why nothing here works: it is for compiling and for unit tests.</summary>
internal static class TwinOnly
{
    public const string Reason =
        "This is the reference twin of the official API: build with -p:UseAzureFunctionsPackages=true to run.";
}
