using System.Globalization;
using System.Net;
using System.Text.Json;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Prometheus;

/// <summary>What one instant query came to: one finite number, or why there is none.</summary>
/// <param name="Status">Of HTTP; null: no answer came, or nothing that can be told from noise.</param>
/// <param name="Value">Counts where <paramref name="Error"/> is null.</param>
/// <param name="Error">Its field is the value that was asked for.</param>
/// <param name="Warnings">Of the server, with an answer of either kind.</param>
/// <param name="Infos">The same, of less weight.</param>
internal sealed record QueryAnswer(
    HttpStatusCode? Status,
    double Value,
    FieldError? Error,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Infos
)
{
    private const int MaxErrorLength = 300;
    private const string OneNumber = "write the query so that it gives one finite number";

    public bool IsSilent => Status is null;

    public static QueryAnswer Without(HttpStatusCode? status, string field, string problem, string fix) =>
        new(status, 0, new(field, problem, fix), [], []);

    /// <summary>Reads a whole body, whatever the status that came with it.</summary>
    public static QueryAnswer Read(HttpStatusCode status, string field, ReadOnlySpan<byte> body)
    {
        try
        {
            var reply =
                JsonSerializer.Deserialize(body, PrometheusJson.Default.PrometheusReply) ?? throw new JsonException();
            var answer = reply switch
            {
                { Status: "success", Data: { } data } when status == HttpStatusCode.OK => ValueOf(field, data),
                { Status: "error" } => Refused(status, field, reply),
                _ => Unexpected(status, field),
            };
            return answer with { Warnings = reply.Warnings ?? [], Infos = reply.Infos ?? [] };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is half a surrogate pair.
            return Unexpected(status, field);
        }
    }

    private static QueryAnswer ValueOf(string field, PrometheusReply.Content data) =>
        (data.ResultType, data.Result.ValueKind) switch
        {
            ("scalar", JsonValueKind.Array) => Number(field, data.Result),
            ("vector", JsonValueKind.Array) => data.Result.GetArrayLength() switch
            {
                0 => Without(HttpStatusCode.OK, field, "the query gave no value", WhereEmpty(field)),
                1 when data.Result[0].TryGetProperty("value", out var value) => Number(field, value),
                1 => Without(
                    HttpStatusCode.OK,
                    field,
                    "the query gave a histogram",
                    "take one number of it, such as by histogram_count()"
                ),
                var count => Without(
                    HttpStatusCode.OK,
                    field,
                    $"the query gave {count} series",
                    "wrap it in sum(), so that it gives one"
                ),
            },
            ("matrix" or "string", _) => Without(
                HttpStatusCode.OK,
                field,
                $"the query gave a {data.ResultType}",
                OneNumber + ", without a range such as [5m] at its end"
            ),
            _ => Unexpected(HttpStatusCode.OK, field),
        };

    /// <param name="pair">Time and number; the number as text, for it may be NaN.</param>
    private static QueryAnswer Number(string field, JsonElement pair)
    {
        if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2)
        {
            return Unexpected(HttpStatusCode.OK, field);
        }
        var text = pair[1].GetString();
        return
            !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number)
            ? Without(HttpStatusCode.OK, field, $"the query gave {Cut(text ?? "nothing")}", OneNumber)
            : new(HttpStatusCode.OK, number, null, [], []);
    }

    private static QueryAnswer Refused(HttpStatusCode status, string field, PrometheusReply reply) =>
        Without(
            status,
            field,
            $"the server answered {(int)status}, {Cut(reply.ErrorType ?? "error")}: {Cut(reply.Error ?? "no reason")}",
            reply.ErrorType switch
            {
                "bad_data" or "execution" => "correct the query; the server's own page shows what it gives",
                "timeout" or "canceled" => "make the query cheaper, such as by a recording rule",
                _ => "see the server's log",
            }
        );

    private static QueryAnswer Unexpected(HttpStatusCode status, string field) =>
        status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Without(
                status,
                field,
                $"the server answered {(int)status}",
                "let this host's network or identity read the server; no other credentials are sent"
            ),
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => Without(
                status,
                field,
                $"the server answered {(int)status}, a redirect, which is not followed",
                "give the server's final address"
            ),
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => Without(
                status,
                field,
                $"the server answered {(int)status}",
                "see the server's log"
            ),
            _ => Without(
                status,
                field,
                $"the server answered {(int)status} and nothing that Prometheus says",
                "give the base address of a Prometheus server, to which /api/v1/query is added"
            ),
        };

    private static string WhereEmpty(string field) =>
        field is "running" or "queued"
            ? "where nothing means 0, write `... or vector(0)`; else see that the metric and its labels are there"
            : "see that the metric and its labels are there, and that its exporter is up";

    private static string Cut(string text) => text.Length <= MaxErrorLength ? text : text[..MaxErrorLength] + "…";
}
