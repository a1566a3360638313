using System.IO.Compression;
using System.Net;
using System.Text;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class TelemetryEndpointsTests : IAsyncLifetime
{
    private const string Path = "/v1/telemetry";
    private const string Good =
        """{"fleet":"alpha","at":"2026-08-22T10:00:00Z","healthy":100,"running":60,"queued":10}""";
    private const int MiB = 1024 * 1024;
    private static readonly (string, string) Gzip = ("Content-Encoding", "gzip");

    private ApiHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        await _host.RegisterAsync("alpha");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("[" + Good + "," + Good + "]")]
    [InlineData(Good + "\n" + Good + "\n")]
    [InlineData(Good + "\r\n\r\n" + Good)]
    public async Task An_array_and_lines_are_taken_alike(string body)
    {
        var answer = await PostAsync(body);

        answer.Status.ShouldBe(202);
        (answer["accepted"], answer["refusedCount"]).ShouldBe(("2", "0"));
    }

    [Fact]
    public async Task A_gzip_is_unpacked()
    {
        var answer = await PostAsync(Packed($"[{Good}]"), Gzip);

        (answer.Status, answer["accepted"]).ShouldBe((202, "1"));
    }

    [Theory]
    [InlineData("\"healthy\":100", "\"healthy\":-1", "healthy")]
    [InlineData("\"running\":60", "\"running\":-0.5", "running")]
    [InlineData("\"running\":60", "\"running\":1001", "running")]
    [InlineData("\"running\":60", "\"running\":\"60\"", "running")]
    [InlineData("\"queued\":10", "\"queued\":\"NaN\"", "queued")]
    [InlineData("\"queued\":10", "\"queued\":1e999", "queued")]
    [InlineData("\"queued\":10", "\"queued\":10,\"queued\":11", "queued")]
    [InlineData("\"queued\":10", "\"queue\":10", "queue")]
    [InlineData("10:00:00Z", "10:02:01Z", "at")]
    [InlineData("10:00:00Z", "10:00:00", "at")]
    [InlineData("\"alpha\"", "\"omega\"", "fleet")]
    public async Task A_bad_sample_is_refused_alone(string part, string bad, string field)
    {
        var sample = Good.Replace(part, bad, StringComparison.Ordinal);

        var answer = await PostAsync($"[{Good},{sample},{Good}]");

        (answer.Status, answer["accepted"], answer["refusedCount"]).ShouldBe((202, "2", "1"));
        var refused = answer.Json.GetProperty("refused")[0];
        refused.GetProperty("position").GetInt32().ShouldBe(1);
        refused.GetProperty("field").GetString().ShouldBe(field);
        refused.GetProperty("problem").GetString().ShouldNotBeNullOrEmpty();
        refused.GetProperty("fix").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[" + Good)]
    [InlineData("[" + Good + "] x")]
    [InlineData("[{\"healthy\":NaN}]")]
    [InlineData("\"text\"")]
    public async Task A_body_that_cannot_be_read_takes_nothing_in(string body)
    {
        var answer = await PostAsync(body);

        (answer.Status, answer.Problem, answer.Fields.Single()).ShouldBe((400, "malformed-request", "body"));
    }

    [Fact]
    public async Task The_answer_to_a_thousand_bad_samples_and_more_lists_a_thousand()
    {
        var answer = await PostAsync("[" + string.Join(',', Enumerable.Repeat("{}", 1500)) + "]");

        (answer.Status, answer["refusedCount"]).ShouldBe((202, "1500"));
        answer.Json.GetProperty("refused").GetArrayLength().ShouldBe(1000);
    }

    [Fact]
    public async Task A_body_of_just_a_mebibyte_is_read()
    {
        var answer = await PostAsync($"[{Good}]".PadRight(MiB));

        answer.Status.ShouldBe(202);
    }

    [Theory]
    [InlineData(MiB + 1, false)]
    [InlineData(MiB + 1, true)]
    [InlineData(10 * MiB, false)]
    [InlineData(10 * MiB, true)]
    public async Task A_larger_body_is_refused_however_it_is_sent(int bytes, bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Path, UriKind.Relative))
        {
            Content = new ByteArrayContent(new byte[bytes]),
        };
        request.Headers.Authorization = new("Bearer", ApiHost.KeyOf(ApiHost.Operator));
        request.Headers.ExpectContinue = true; // so that the client hears the answer instead of a closed connection
        request.Headers.TransferEncodingChunked = isChunked;

        var answer = await _host.SendAsync(request);

        (answer.Status, answer.Problem).ShouldBe((413, "body-too-large"));
    }

    [Fact]
    public async Task A_body_that_announces_its_size_is_refused_before_it_is_sent()
    {
        var content = new Announced(10 * MiB);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Path, UriKind.Relative))
        {
            Content = content,
        };
        request.Headers.Authorization = new("Bearer", ApiHost.KeyOf(ApiHost.Operator));
        request.Headers.ExpectContinue = true;

        var answer = await _host.SendAsync(request);

        (answer.Status, content.IsSent).ShouldBe((413, false));
    }

    [Fact]
    public async Task A_small_gzip_of_a_large_body_is_refused()
    {
        var packed = Packed(new string(' ', 64 * MiB) + "[]");
        packed.Length.ShouldBeLessThan(MiB);

        var answer = await PostAsync(packed, Gzip);

        (answer.Status, answer.Problem).ShouldBe((413, "body-too-large"));
    }

    public static TheoryData<string, Func<byte[], byte[]>> Lies =>
        new()
        {
            { "no gzip", _ => Encoding.UTF8.GetBytes($"[{Good}]") },
            { "empty", _ => [] },
            { "header alone", good => good[..10] },
            { "cut in the middle", good => good[..(good.Length / 2)] },
            { "length cut off", good => good[..^4] },
            { "wrong length", good => [.. good[..^1], 0x7F] },
            { "wrong checksum", good => [.. good[..^8], 1, 2, 3, 4, .. good[^4..]] },
            { "something after it", good => [.. good, 1, 2, 3] },
            { "two members", good => [.. good, .. good] },
        };

    [Theory]
    [MemberData(nameof(Lies), DisableDiscoveryEnumeration = true)]
    public async Task A_gzip_that_lies_is_refused(string lie, Func<byte[], byte[]> make)
    {
        var answer = await PostAsync(make(Packed($"[{Good}]")), Gzip);

        (answer.Status, answer.Problem).ShouldBe((400, "malformed-request"), lie);
    }

    [Fact]
    public async Task Another_encoding_is_refused_by_name()
    {
        var answer = await PostAsync(Encoding.UTF8.GetBytes($"[{Good}]"), ("Content-Encoding", "br"));

        (answer.Status, answer.Problem, answer.Fields.Single()).ShouldBe((415, "unknown-encoding", "Content-Encoding"));
    }

    private Task<ApiHost.Answer> PostAsync(object body, params (string, string)[] headers) =>
        _host.SendAsync("POST", Path, ApiHost.Operator, body, headers: headers);

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }
        return packed.ToArray();
    }

    private sealed class Announced(long bytes) : HttpContent
    {
        public bool IsSent { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            IsSent = true;
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes;
            return true;
        }
    }
}
