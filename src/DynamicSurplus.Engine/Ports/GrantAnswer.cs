namespace DynamicSurplus.Engine.Ports;

/// <summary>What a provisioner says to a request for machines.</summary>
public abstract record GrantAnswer
{
    /// <summary>They are the customer's now.</summary>
    public sealed record Granted : GrantAnswer;

    /// <summary>Not yet.</summary>
    /// <param name="AskAgain">True: ask again later. False: a confirmation will come by itself.</param>
    public sealed record Pending(bool AskAgain) : GrantAnswer;

    /// <summary>It will not.</summary>
    public sealed record Refused(string Detail) : GrantAnswer;
}
