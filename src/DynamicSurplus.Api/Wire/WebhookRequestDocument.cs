namespace DynamicSurplus.Api.Wire;

/// <summary>Where events are to be sent.</summary>
/// <param name="Url">An https address on the open internet.</param>
/// <param name="Types">Of events; left out or empty: all.</param>
public sealed record WebhookRequestDocument(Uri? Url = null, IReadOnlyList<string>? Types = null);
