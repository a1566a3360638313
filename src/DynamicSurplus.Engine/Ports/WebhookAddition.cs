namespace DynamicSurplus.Engine.Ports;

/// <summary>What came of adding a webhook.</summary>
public enum WebhookAddition
{
    Added,

    /// <summary>The tenant has one of that id.</summary>
    Exists,

    /// <summary>The tenant has as many as it may.</summary>
    Full,
}
