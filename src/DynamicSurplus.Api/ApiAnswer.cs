using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace DynamicSurplus.Api;

/// <summary>
/// A whole answer, known before its first byte is sent: it can be kept and given again. Streams are the exception.
/// </summary>
public sealed record ApiAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body) : IResult
{
    public const string Json = "application/json";

    /// <summary>Address of what was made, from the root.</summary>
    public string? Location { get; init; }

    /// <summary>Quoted, as the header has it.</summary>
    public string? ETag { get; init; }

    /// <summary>Wall seconds for which the caller may keep the answer; null: not at all.</summary>
    public int? MaxAgeSeconds { get; init; }

    public int? RetryAfterSeconds { get; init; }

    /// <summary>Where the answer is a problem.</summary>
    public string? ProblemType { get; init; }

    /// <summary>Headers that few answers have.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> MoreHeaders { get; init; } = [];

    public static ApiAnswer Of<T>(int status, T body, JsonTypeInfo<T> type) =>
        new(status, Json, JsonSerializer.SerializeToUtf8Bytes(body, type));

    public static ApiAnswer Empty(int status) => new(status, "", ReadOnlyMemory<byte>.Empty);

    /// <summary>
    /// Writes the body as it comes to be; null: it is known. Such an answer is given once, and is never kept.
    /// </summary>
    public Func<HttpContext, Task>? Stream { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var headers = response.Headers;
        response.StatusCode = Status;
        headers.Location = Location;
        headers.ETag = ETag;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = MaxAgeSeconds is { } age
            ? string.Create(CultureInfo.InvariantCulture, $"private, max-age={age}")
            : "no-store";
        if (RetryAfterSeconds is { } seconds)
        {
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        foreach (var (name, value) in MoreHeaders)
        {
            headers[name] = value;
        }
        if (Stream is { } stream)
        {
            return stream(httpContext);
        }
        if (Body.IsEmpty)
        {
            return Task.CompletedTask;
        }
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, httpContext.RequestAborted).AsTask();
    }
}
