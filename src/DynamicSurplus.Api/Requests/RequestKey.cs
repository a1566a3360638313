using System.Security.Cryptography;
using System.Text;
using DynamicSurplus.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace DynamicSurplus.Api.Requests;

/// <summary>What makes a repeated request the same request.</summary>
/// <param name="Value">Of the header <c>Idempotency-Key</c>: 1 to 100 printable ASCII characters.</param>
/// <param name="Hash">SHA-256 of method, path and body, hex.</param>
public sealed record RequestKey(string Value, string Hash)
{
    public const string Header = "Idempotency-Key";
    public const int MaxLength = 100;

    private const string Fix =
        "send 1 to 100 printable ASCII characters, new for each request and the same for its retries";

    /// <exception cref="ProblemException">The header is missing, or no key.</exception>
    public static RequestKey Of(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var header = request.Headers[Header];
        if (header is not [{ Length: > 0 } key])
        {
            throw new ProblemException(
                header.Count > 1
                    ? Problem.With(ProblemKinds.MalformedRequest, Header, "is there twice", Fix)
                    : Problem.With(ProblemKinds.KeyMissing, Header, "is missing", Fix)
            );
        }
        if (key.Length > MaxLength || key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ProblemException(Problem.With(ProblemKinds.MalformedRequest, Header, "is no such key", Fix));
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path.Value}\n"));
        hash.AppendData(body.Span);
        return new(key, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
