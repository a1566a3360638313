namespace DynamicSurplus.Api.Access;

/// <summary>Which budget of its caller's a request takes from.</summary>
public enum RequestKind
{
    Read,
    Write,
    Telemetry,
}
