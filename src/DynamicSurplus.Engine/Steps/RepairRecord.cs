using System.Diagnostics;
using DynamicSurplus.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Repairs, and never silently: an audit entry says what is about to be done, another how it ended; a metric counts it,
/// and the log has a line.
/// </summary>
/// <param name="wall">Audit entries are on the wall's clock.</param>
public sealed partial class RepairRecord(IAuditLog log, TimeProvider wall, ILogger<RepairRecord> logger)
{
    private const string Reconciler = "reconciler";
    private const string Role = "service";
    private const int Done = 200;
    private const int MovedOn = 412;
    private const int Failed = 500;

    /// <param name="run">Names the pass that found it.</param>
    /// <param name="repair">True: it is right now; false: it has changed meanwhile, and nothing was written.</param>
    /// <remarks>Where the entry cannot be written nothing is repaired.</remarks>
    public async Task<Repair> RunAsync(
        string run,
        RepairKind kind,
        string target,
        string detail,
        Func<Task<bool>> repair,
        CancellationToken cancellationToken
    )
    {
        AuditId? intent = null;
        try
        {
            var id = AuditId.New(wall.GetUtcNow());
            await log.AppendAsync(Entry(id, null, null), cancellationToken);
            intent = id;
            var isDone = await repair();
            EngineMetrics.Repairs.Add(isDone ? 1 : 0, new TagList { { "kind", Name(kind) } });
            (isDone ? (Action<string, string, string>)Repaired : NotNeeded)(Name(kind), target, detail);
            await log.AppendAsync(Entry(id.Next(wall.GetUtcNow()), id, isDone ? Done : MovedOn), cancellationToken);
            return new(kind, target, detail, isDone);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            NotRepaired(Name(kind), target, detail, exception);
            await CloseAsync(intent);
            return new(kind, target, detail, IsDone: false);
        }

        // What failed may have been the record itself; its intent then stands alone, and says "perhaps".
        async Task CloseAsync(AuditId? announced)
        {
            if (announced is { } id)
            {
                try
                {
                    await log.AppendAsync(Entry(id.Next(wall.GetUtcNow()), id, Failed), cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    NotClosed(id, exception);
                }
            }
        }

        AuditEntry Entry(AuditId id, AuditId? announced, int? status) =>
            new(
                id,
                announced,
                Reconciler,
                Role,
                $"repair {Name(kind)}",
                target,
                run,
                Activity.Current?.TraceId.ToHexString(),
                BodySha256: null,
                status,
                Problem: null,
                detail
            );
    }

    private static string Name(RepairKind kind) => kind.ToString().ToLowerInvariant();

    [LoggerMessage(LogLevel.Warning, "Repaired the {Kind} of {Target}: {Detail}")]
    private partial void Repaired(string kind, string target, string detail);

    [LoggerMessage(LogLevel.Information, "The {Kind} of {Target} changed before it was repaired: {Detail}")]
    private partial void NotNeeded(string kind, string target, string detail);

    [LoggerMessage(LogLevel.Error, "The {Kind} of {Target} could not be repaired; the next pass tries again: {Detail}")]
    private partial void NotRepaired(string kind, string target, string detail, Exception exception);

    [LoggerMessage(LogLevel.Error, "Audit entry {Intent} has no outcome, which could not be written.")]
    private partial void NotClosed(AuditId intent, Exception exception);
}
