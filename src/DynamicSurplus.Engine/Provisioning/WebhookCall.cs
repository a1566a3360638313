namespace DynamicSurplus.Engine.Provisioning;

/// <summary>The body of a call to an owner's controller.</summary>
/// <param name="Type"><c>grant</c>, <c>revoke</c> or <c>resize</c>.</param>
/// <param name="Gpus">Of the lease; after a resize, those that it keeps.</param>
/// <param name="LeaseId">The same call for the same lease is one request, however often it comes.</param>
internal sealed record WebhookCall(
    string Type,
    string LeaseId,
    string FleetId,
    string Tenant,
    string Tier,
    int Gpus,
    long TermSeconds
);
