using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Access;

/// <summary>Who makes a request, as its credential says.</summary>
/// <param name="Name">Of the principal, for logs.</param>
/// <param name="Role">One role.</param>
/// <param name="Tenant">A customer's id; null for the other roles.</param>
public sealed record Caller(string Name, Roles Role, TenantId? Tenant)
{
    /// <summary>
    /// Everybody's leases may be seen by those who own the fleets or audit them; a customer's by itself alone.
    /// </summary>
    public bool MaySee(TenantId owner) => Role != Roles.Customer || Tenant == owner;
}
