namespace DynamicSurplus.Local.Recordings;

/// <summary>
/// Reads a recording's bytes and stops a file that would fill memory: one that unpacks to more than it may, or whose
/// lines never end. A gzip file that is none, is cut off or damaged is told in words.
/// </summary>
/// <param name="statedBytes">Of a gzip file: its unpacked size mod 2^32, as its last four bytes state it.</param>
internal sealed class BoundedStream(Stream inner, string path, uint? statedBytes, long maxBytes, int maxLineBytes)
    : Stream
{
    private long _bytes;
    private long _bytesOfLine;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _bytes;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        // No more at once than a line may have: then only a line's part in one buffer and the next can be too long.
        buffer = buffer[..Math.Min(buffer.Length, maxLineBytes)];
        int count;
        try
        {
            count = inner.Read(buffer);
        }
        catch (InvalidDataException damage)
        {
            throw NotWhole(damage);
        }
        // The framework ends a gzip file that is cut off as if it were whole.
        if (count == 0 && statedBytes is { } stated && unchecked((uint)_bytes) != stated)
        {
            throw NotWhole(null);
        }
        _bytes += count;
        if (_bytes > maxBytes)
        {
            throw new InvalidDataException($"{path} has more than {maxBytes} bytes unpacked: split it.");
        }
        var read = buffer[..count];
        var first = read.IndexOf((byte)'\n');
        if (_bytesOfLine + (first < 0 ? count : first) > maxLineBytes)
        {
            throw new InvalidDataException($"{path} has a line of more than {maxLineBytes} bytes: it is no recording.");
        }
        _bytesOfLine = first < 0 ? _bytesOfLine + count : count - read.LastIndexOf((byte)'\n') - 1;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private InvalidDataException NotWhole(Exception? cause) =>
        new(
            $"{path} is no whole gzip file: it is cut off, damaged, of several parts or another kind. Pack it again.",
            cause
        );

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }
        base.Dispose(disposing);
    }
}
