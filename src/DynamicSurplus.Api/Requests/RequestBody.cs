using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using DynamicSurplus.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace DynamicSurplus.Api.Requests;

/// <summary>Reads bodies of at most 1 MiB, plain or gzip, as they come and as they unpack.</summary>
public static class RequestBody
{
    public const int MaxBytes = 1024 * 1024;

    private const int ChunkBytes = 16 * 1024;

    /// <exception cref="ProblemException">Too large, of an unknown encoding, or no whole gzip.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        var isGzip = encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase);
        if (!isGzip && encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(
                Problem.With(
                    ProblemKinds.UnknownEncoding,
                    "Content-Encoding",
                    $"'{encoding}' is not known",
                    "send gzip or none"
                )
            );
        }
        if (request.ContentLength > MaxBytes)
        {
            throw new ProblemException(TooLarge($"announces {request.ContentLength} bytes, more"));
        }
        var body = await ReadAsync(request.Body, (int)(request.ContentLength ?? 0), "is larger", cancellationToken);
        return isGzip ? await UnpackAsync(body, cancellationToken) : body;
    }

    private static async Task<ReadOnlyMemory<byte>> UnpackAsync(
        ReadOnlyMemory<byte> packed,
        CancellationToken cancellationToken
    )
    {
        ReadOnlyMemory<byte> body;
        try
        {
            await using var gzip = new GZipStream(
                new MemoryStream(packed.ToArray(), writable: false),
                CompressionMode.Decompress
            );
            body = await ReadAsync(gzip, 0, "unpacks to more", cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw NoGzip("is no gzip, or damaged");
        }
        // The framework takes a gzip that was cut off for a whole one; its last word, the length, tells them apart.
        if (packed.Length < 4 || BinaryPrimitives.ReadInt32LittleEndian(packed.Span[^4..]) != body.Length)
        {
            throw NoGzip("is cut off, or has more than one gzip member");
        }
        return body;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(
        Stream stream,
        int expectedBytes,
        string excess,
        CancellationToken cancellationToken
    )
    {
        var read = new ArrayBufferWriter<byte>(Math.Max(expectedBytes, 1));
        while (true)
        {
            var chunk = read.GetMemory(read.FreeCapacity > 0 ? 1 : ChunkBytes);
            var count = await stream.ReadAsync(chunk, cancellationToken);
            if (count == 0)
            {
                return read.WrittenMemory;
            }
            read.Advance(count);
            if (read.WrittenCount > MaxBytes)
            {
                throw new ProblemException(TooLarge(excess));
            }
        }
    }

    private static Problem TooLarge(string how) =>
        Problem.With(
            ProblemKinds.BodyTooLarge,
            "body",
            $"{how} than the limit of {MaxBytes} bytes",
            "send less at a time"
        );

    private static ProblemException NoGzip(string how) =>
        new(Problem.With(ProblemKinds.MalformedRequest, "body", how, "send one whole gzip, or no Content-Encoding"));
}
