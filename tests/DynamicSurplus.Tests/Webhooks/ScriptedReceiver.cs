using System.Net;
using System.Text.Json;

namespace DynamicSurplus.Tests.Webhooks;

/// <summary>A receiver without a network: answers what it is told to, and keeps what it was sent.</summary>
internal sealed class ScriptedReceiver : HttpMessageHandler
{
    private readonly Lock _gate = new();

    /// <summary>Status by event number; null: no connection.</summary>
    public Func<int, int?> Answer { get; set; } = static _ => 204;

    /// <summary>Whatever else is to happen while a request is under way.</summary>
    public Func<Task> During { get; set; } = static () => Task.CompletedTask;

    /// <summary>Numbers of the events, in the order in which they came.</summary>
    public List<int> Numbers { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var number = JsonElement.Parse(body).GetProperty("number").GetInt32();
        lock (_gate)
        {
            Numbers.Add(number);
        }
        await During();
        return Answer(number) is { } status
            ? new HttpResponseMessage((HttpStatusCode)status)
            : throw new HttpRequestException(HttpRequestError.ConnectionError, "It is not there.");
    }
}
