namespace DynamicSurplus.Engine.Ports;

/// <summary>What a provisioner says to a request for machines.</summary>
public abstract record GrantAnswer
{
    /// <summary>They are the customer's now.</summary>
    public sealed record Granted : GrantAnswer;

    /// <summary>It will say later, by a confirmation.</summary>
    public sealed record Pending : GrantAnswer;

    /// <summary>It will not.</summary>
    public sealed record Refused(string Detail) : GrantAnswer;
}
