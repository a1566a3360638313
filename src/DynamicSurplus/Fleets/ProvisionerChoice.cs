namespace DynamicSurplus.Fleets;

/// <summary>Who hands over a fleet's machines.</summary>
/// <param name="Webhook">
/// The owner's controller, called with signed requests; null: granted at once (simulation).
/// </param>
public sealed record ProvisionerChoice(Uri? Webhook = null)
{
    public static readonly ProvisionerChoice Immediate = new();
}
