namespace DynamicSurplus.Engine.Ports;

/// <summary>What an audit entry says of an action.</summary>
public enum AuditStage
{
    /// <summary>It is about to be done. Without an <see cref="Outcome"/> behind it nobody knows how it ended.</summary>
    Intent,

    /// <summary>It was answered.</summary>
    Outcome,

    /// <summary>It was refused before anything was begun.</summary>
    Refusal,
}
