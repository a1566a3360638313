namespace DynamicSurplus.Api.Wire;

/// <param name="Webhook">Address of the owner's controller; null: machines are granted at once.</param>
public sealed record ProvisionerDocument(Uri? Webhook = null);
