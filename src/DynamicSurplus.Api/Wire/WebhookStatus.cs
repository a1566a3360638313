namespace DynamicSurplus.Api.Wire;

public enum WebhookStatus
{
    /// <summary>The receiver takes what it is sent.</summary>
    Active,

    /// <summary>The last try failed; there will be another.</summary>
    Failing,

    /// <summary>Nothing is sent until a replay is asked for.</summary>
    Disabled,
}
