using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DynamicSurplus.Local.Serving;

namespace DynamicSurplus.Local.Chaos;

/// <summary>
/// One principal's requests, each sent with its idempotency key until a host has the last word: through killed hosts,
/// refused connections, lost answers, and whoever asks to come again.
/// </summary>
internal sealed class ChaosClient : IDisposable
{
    private const string KeyInFlight = "urn:dynamic-surplus:problem:idempotency-key-in-flight";

    private static readonly TimeSpan ComeAgain = TimeSpan.FromMilliseconds(250);

    private readonly ChaosHost _host;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private int _answered;
    private int _repeated;

    public ChaosClient(ChaosHost host, string apiKey)
    {
        _host = host;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public int Answered => _answered;

    /// <summary>Tries after the first.</summary>
    public int Repeated => _repeated;

    public Task<ChaosAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, null, cancellationToken);

    /// <summary>The host that runs, once one does.</summary>
    public Task<HostFile> HostAsync(CancellationToken cancellationToken) => _host.UpAsync(cancellationToken);

    /// <param name="key">The idempotency key; null: the route takes none.</param>
    public async Task<ChaosAnswer> SendAsync(
        HttpMethod method,
        string path,
        string? body,
        string? key,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var host = await _host.UpAsync(cancellationToken);
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(host.Address, path));
                request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
                if (key is not null)
                {
                    request.Headers.Add("Idempotency-Key", key);
                }
                using var answer = await _http.SendAsync(request, cancellationToken);
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                var last = new ChaosAnswer(
                    answer.StatusCode,
                    text.Length == 0 ? default : JsonElement.Parse(text),
                    host
                );
                if (IsLast(last))
                {
                    Interlocked.Increment(ref _answered);
                    return last;
                }
            }
            catch (Exception exception)
                when (exception is HttpRequestException or IOException or JsonException or OperationCanceledException
                    && !cancellationToken.IsCancellationRequested
                )
            {
                // Killed before it could answer, or while it did.
            }
            Interlocked.Increment(ref _repeated);
            await Task.Delay(ComeAgain, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private static bool IsLast(ChaosAnswer answer) =>
        answer.Status is < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests
        && answer.Problem is not KeyInFlight;
}
