using DynamicSurplus.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace DynamicSurplus.Api.Access;

/// <summary>
/// One way to tell callers: by API key here, by an identity provider's token elsewhere. All registered ones are asked
/// in turn.
/// </summary>
public interface ICallerSource
{
    /// <summary>
    /// What to send, as an object of "send", for those who sent nothing; null where nothing would be accepted.
    /// </summary>
    string? Invitation { get; }

    /// <returns>Null where the request carries no credential of this kind, or none that is valid now.</returns>
    /// <exception cref="ProblemException">
    /// The request carries a credential of this kind and no other, which is refused for a reason that its caller should
    /// hear.
    /// </exception>
    ValueTask<Caller?> FindAsync(HttpRequest request, CancellationToken cancellationToken);
}
