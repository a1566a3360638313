using Microsoft.AspNetCore.Http;

namespace DynamicSurplus.Api.Access;

/// <summary>
/// One way to tell callers: by API key here, by an identity provider's token elsewhere. All registered ones are asked
/// in turn.
/// </summary>
public interface ICallerSource
{
    /// <returns>Null where the request carries no credential of this kind, or none that is valid now.</returns>
    ValueTask<Caller?> FindAsync(HttpRequest request, CancellationToken cancellationToken);
}
