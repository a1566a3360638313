using DynamicSurplus.Engine.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Api.Auditing;

/// <summary>Keeps the record of what operators do, a request at a time.</summary>
public sealed class AuditTrail(IAuditLog log, WallClock wall, ILogger<AuditTrail> logger)
{
    internal AuditedRequest Begin(ApiRoute route, HttpContext http) => new(log, wall.Time, logger, route, http);
}
