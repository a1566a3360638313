namespace DynamicSurplus.Api.Access;

/// <summary>What a caller may be; a route names those that it serves.</summary>
[Flags]
public enum Roles
{
    /// <summary>Nobody in particular: no credential is asked for.</summary>
    None = 0,

    /// <summary>Owns the fleets, and reads everything that happens on them.</summary>
    Operator = 1,

    /// <summary>Leases GPUs; sees its own leases only.</summary>
    Customer = 2,

    /// <summary>Reads everything, changes nothing.</summary>
    Auditor = 4,
}
