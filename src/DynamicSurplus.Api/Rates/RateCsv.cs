using System.Text;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Pricing;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DynamicSurplus.Api.Rates;

/// <summary>A history of rates as CSV (RFC 4180): a header, then a line a tick. No value holds a comma.</summary>
internal static class RateCsv
{
    private const string ContentType = "text/csv";
    private const string Header =
        "tick,spot_rate_usd_per_gpu_hour,firm_rate_usd_per_gpu_hour,spot_slice_gpus,firm_slice_gpus,frozen\r\n";

    /// <summary>The same address has two forms.</summary>
    public static readonly KeyValuePair<string, string>[] Vary = [new("Vary", "Accept")];

    /// <summary>
    /// By <c>format</c> where it is there, else by what <c>Accept</c> prefers; JSON where it does not matter.
    /// </summary>
    /// <exception cref="Problems.ProblemException">The format is neither.</exception>
    public static bool IsWanted(HttpRequest request) =>
        Query.Text(request, "format") switch
        {
            null => Preference(request, ContentType) > Preference(request, ApiAnswer.Json),
            "csv" => true,
            "json" => false,
            var other => throw Query.Malformed(
                "format",
                $"'{FieldErrors.Cut(other)}' is not known",
                "send json or csv"
            ),
        };

    public static ApiAnswer Of(IReadOnlyList<TickRecord> records)
    {
        var csv = new StringBuilder(Header);
        foreach (var row in records.Select(RateHistoryRowDocument.Of))
        {
            csv.Append(InstantConverter.Text(row.Tick))
                .Append(',')
                .Append(row.SpotRate)
                .Append(',')
                .Append(row.FirmRate)
                .Append(',')
                .Append(row.SpotSliceGpus)
                .Append(',')
                .Append(row.FirmSliceGpus)
                .Append(',')
                .Append(row.Frozen ? "true" : "false")
                .Append("\r\n");
        }
        return new(200, $"{ContentType}; charset=utf-8", Encoding.UTF8.GetBytes(csv.ToString())) { MoreHeaders = Vary };
    }

    /// <summary>0 to 1: how welcome a type is. Where nothing is said, everything is.</summary>
    private static double Preference(HttpRequest request, string type)
    {
        var wanted = new MediaTypeHeaderValue(type);
        return MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
            ? accepted
                .Where(wanted.IsSubsetOf)
                .OrderByDescending(range =>
                    range.MatchesAllTypes ? 0
                    : range.MatchesAllSubTypes ? 1
                    : 2
                )
                .Select(range => range.Quality ?? 1)
                .FirstOrDefault()
            : 1;
    }
}
