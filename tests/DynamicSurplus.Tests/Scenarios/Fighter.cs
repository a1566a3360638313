using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>One customer of many at the last GPUs: asks, takes, lets go, and asks again.</summary>
internal sealed class Fighter : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;
    private readonly Arena _arena;
    private readonly Random _random;
    private int _requests;

    public Fighter(Uri address, string key, int number, Arena arena)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = Patience };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        (_arena, _random) = (arena, new Random(number));
    }

    /// <summary>GPUs that it was given, summed over its leases.</summary>
    public int Won { get; private set; }

    public void Dispose() => _http.Dispose();

    public async Task RunAsync(CancellationToken round, CancellationToken stop)
    {
        while (!round.IsCancellationRequested)
        {
            var gpus = _random.Next(1, 4);
            if (await AcquireAsync(gpus, stop) is not { } lease)
            {
                await Task.Delay(_random.Next(5, 50), stop);
                continue;
            }
            Won += gpus;
            _arena.Take(gpus);
            await Task.Delay(_random.Next(20, 200), stop);
            _arena.GiveBack(gpus);
            await SendAsync($"v1/leases/{lease}/end", "{}", stop);
        }
    }

    /// <summary>At once, or by a quote.</summary>
    private async Task<string?> AcquireAsync(int gpus, CancellationToken stop)
    {
        var wish = $$"""{"fleet":"{{Arena.Fleet}}","tier":"spot","gpus":{{gpus}},"termSeconds":3600}""";
        if (_random.Next(2) == 0)
        {
            return await SendAsync("v1/leases", wish, stop) is { } made ? made.GetProperty("id").GetString() : null;
        }
        if (await SendAsync("v1/quotes", wish, stop) is not { } quote)
        {
            return null;
        }
        var id = quote.GetProperty("quoteId").GetString()!;
        return await SendAsync("v1/leases", $$"""{"quoteId":"{{id}}"}""", stop) is null ? null : id;
    }

    /// <summary>Told to come again later, it does so with the same key, as often as it takes.</summary>
    /// <returns>Null where it was refused; the arena has judged how.</returns>
    private async Task<JsonElement?> SendAsync(string path, string body, CancellationToken stop)
    {
        for (var key = $"{Interlocked.Increment(ref _requests)}"; ; )
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await _http.SendAsync(request, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            _arena.Judge((int)answer.StatusCode, answer.Headers.RetryAfter?.Delta, answer.Content.Headers, text);
            if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
            {
                return answer.IsSuccessStatusCode ? JsonElement.Parse(text) : null;
            }
            await Task.Delay(answer.Headers.RetryAfter!.Delta!.Value, stop);
        }
    }
}
