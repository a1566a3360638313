using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Serving;

/// <summary>The API as its callers see it: over HTTP, with one principal's key.</summary>
internal sealed class SurplusClient : IDisposable
{
    private readonly HttpClient _http;

    public SurplusClient(Uri address, string key)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Asks one fleet for a quote.</summary>
    /// <param name="key">Idempotency key.</param>
    /// <returns>The lease's id, or null where the answer is a refusal (4xx).</returns>
    public async Task<LeaseId?> QuoteAsync(
        FleetId fleet,
        LeaseTier tier,
        int gpus,
        TimeSpan term,
        Rate? maxRate,
        string key,
        CancellationToken cancellationToken
    )
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["fleet"] = fleet.ToString(),
            ["tier"] = tier == LeaseTier.Firm ? "firm" : "spot",
            ["gpus"] = gpus,
            ["termSeconds"] = (long)term.TotalSeconds,
        };
        if (maxRate is { } most)
        {
            body["maxRate"] = most.ToString();
        }
        return LeaseOf(await PostAsync("v1/quotes", body, key, cancellationToken));
    }

    /// <summary>Accepts a quote.</summary>
    /// <returns>False where it is refused.</returns>
    public async Task<bool> AcceptAsync(LeaseId quote, string key, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal) { ["quoteId"] = quote.ToString() };
        return await PostAsync("v1/leases", body, key, cancellationToken) is not null;
    }

    /// <summary>Ends a lease, or gives a quote up; one that is over already is no error.</summary>
    public Task EndAsync(LeaseId lease, string key, CancellationToken cancellationToken) =>
        PostAsync($"v1/leases/{lease}/end", null, key, cancellationToken);

    /// <summary>Sends a request whose answer must be a success.</summary>
    /// <exception cref="HttpRequestException">No answer, or another one; with the problem's own words.</exception>
    public async Task<JsonElement> SendAsync(
        HttpMethod method,
        string path,
        string json,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = Json(json) };
        using var answer = await _http.SendAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"{method} {path}: {(int)answer.StatusCode} {body}",
                null,
                answer.StatusCode
            );
        }
        return body.Length == 0 ? default : JsonElement.Parse(body);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement?> PostAsync(
        string path,
        Dictionary<string, object>? body,
        string key,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = body is null ? null : Json(JsonSerializer.Serialize(body)),
        };
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await _http.SendAsync(request, cancellationToken);
        if (answer.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError)
        {
            return null;
        }
        answer.EnsureSuccessStatusCode();
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static LeaseId? LeaseOf(JsonElement? quote) =>
        quote is { } answer ? LeaseId.Parse(answer.GetProperty("id").GetString()!) : null;
}
