namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// The record of what operators do, and of what the service repairs. It only grows: nothing here changes or removes an
/// entry.
/// </summary>
public interface IAuditLog
{
    /// <summary>An entry whose id is there already changes nothing: it is the same one, sent twice.</summary>
    Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>A page of what was so from <paramref name="from"/> until before <paramref name="to"/>, by id.</summary>
    /// <param name="to">Null: without end.</param>
    /// <param name="after">Where the previous page ended; null: from the start.</param>
    /// <param name="most">1 to 1,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1 or above 1,000.</exception>
    Task<AuditPage> ListAsync(
        DateTimeOffset from,
        DateTimeOffset? to,
        AuditId? after,
        int most,
        CancellationToken cancellationToken
    );
}
