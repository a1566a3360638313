namespace DynamicSurplus.Infra.Tests;

internal sealed record BicepAnswer(int ExitCode, string Output, string Error);
