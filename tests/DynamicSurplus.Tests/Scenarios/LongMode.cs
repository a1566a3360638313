namespace DynamicSurplus.Tests.Scenarios;

/// <summary>
/// Tests that get better with time run short by default, and long where the environment says
/// <c>SURPLUS_LONG_TESTS=1</c>.
/// </summary>
internal static class LongMode
{
    public static bool IsOn => Environment.GetEnvironmentVariable("SURPLUS_LONG_TESTS") == "1";

    public static T Of<T>(T usually, T inLongMode) => IsOn ? inLongMode : usually;
}
