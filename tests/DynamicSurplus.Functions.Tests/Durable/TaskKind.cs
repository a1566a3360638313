namespace DynamicSurplus.Functions.Tests.Durable;

internal enum TaskKind
{
    Activity,
    Timer,
}
