using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Local.Recordings;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Local.Replaying;

/// <summary>
/// Recorded telemetry into a running host: stamped with the host's time, at the host's pace. While the host is down it
/// waits, and then goes on where it was.
/// </summary>
/// <param name="log">For progress, and for rows that are passed over.</param>
internal sealed class Replay(TextWriter log)
{
    private const string Region = "replay";
    private const string Sku = "H100";

    /// <summary>Samples of one request at most: far below a body's limits.</summary>
    private const int MostSamples = 2_000;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    private readonly HashSet<FleetId> _registered = [];

    /// <returns>
    /// 0 when every recording has been sent; 2 where a file, the policy or the folder cannot be used.
    /// </returns>
    public async Task<int> RunAsync(
        IReadOnlyList<FileInfo> files,
        string dataFolder,
        FileInfo? policy,
        CancellationToken cancellationToken
    )
    {
        var tracks = new List<Track>();
        JsonNode? policyJson;
        try
        {
            policyJson = policy is null
                ? null
                : JsonNode.Parse(await File.ReadAllBytesAsync(policy.FullName, cancellationToken));
            foreach (var file in files)
            {
                tracks.Add(new Track(file.Name, Recording.Open(file.FullName), log));
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            await log.WriteLineAsync($"surplus: {exception.Message}");
            return 2;
        }
        if (HostFile.Find(dataFolder) is null)
        {
            await log.WriteLineAsync(
                $"surplus: {dataFolder} has no {HostFile.Name}: start 'surplus serve --data {dataFolder}' first."
            );
            return 2;
        }
        return await SendAllAsync(tracks, dataFolder, policyJson, cancellationToken);
    }

    private async Task<int> SendAllAsync(
        List<Track> tracks,
        string dataFolder,
        JsonNode? policy,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset? begun = null;
        var (sent, nextProgress) = (0L, DateTimeOffset.MinValue);
        while (tracks.Exists(track => track.HasNext))
        {
            var host = HostFile.Find(dataFolder)!;
            var now = host.EngineTime(TimeProvider.System.GetUtcNow());
            begun ??= now;
            var due = tracks.SelectMany(track => track.TakeUntil(now - begun.Value, begun.Value, MostSamples)).ToList();
            if (due.Count > 0)
            {
                await SendAsync(due, dataFolder, policy, cancellationToken);
                sent += due.Count;
            }
            if (now >= nextProgress)
            {
                await log.WriteLineAsync($"{sent} samples sent, host time {now:u}");
                nextProgress = now + (ProgressEvery * host.Speed);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
        await log.WriteLineAsync($"{sent} samples sent: done");
        return 0;
    }

    /// <summary>Until the host has taken them.</summary>
    private async Task SendAsync(
        IReadOnlyList<Sample> samples,
        string dataFolder,
        JsonNode? policy,
        CancellationToken cancellationToken
    )
    {
        for (var waiting = false; ; waiting = true)
        {
            try
            {
                await TrySendAsync(samples, dataFolder, policy, cancellationToken);
                return;
            }
            catch (HttpRequestException exception) when (IsDown(exception.StatusCode))
            {
                await WaitAsync(waiting, cancellationToken);
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                await WaitAsync(waiting, cancellationToken);
            }
        }
    }

    /// <summary>No answer at all, or that of a host that is coming up or going down.</summary>
    private static bool IsDown(HttpStatusCode? status) => status is null or >= HttpStatusCode.InternalServerError;

    private async Task WaitAsync(bool waiting, CancellationToken cancellationToken)
    {
        if (!waiting)
        {
            await log.WriteLineAsync("The host does not answer: waiting for it.");
        }
        await Task.Delay(LookAgain, cancellationToken);
    }

    private async Task TrySendAsync(
        IReadOnlyList<Sample> samples,
        string dataFolder,
        JsonNode? policy,
        CancellationToken cancellationToken
    )
    {
        var host = HostFile.Find(dataFolder)!;
        using var client = new SurplusClient(host.Address, HostKeys.Load(host.KeysFile).Operator);
        foreach (
            var fleet in samples.Select(sample => sample.Fleet).Distinct().Where(fleet => !_registered.Contains(fleet))
        )
        {
            await RegisterAsync(client, fleet, policy, cancellationToken);
            _registered.Add(fleet);
        }
        foreach (var body in TelemetryJson.Write(samples, shardCount: 1))
        {
            var json = Encoding.UTF8.GetString(body.Span);
            var answer = await client.SendAsync(HttpMethod.Post, "v1/telemetry", json, cancellationToken);
            foreach (var refused in answer.GetProperty("refused").EnumerateArray().Take(3))
            {
                await log.WriteLineAsync($"refused: {refused}");
            }
        }
    }

    /// <summary>A fleet that is there already stays as it is.</summary>
    private static async Task RegisterAsync(
        SurplusClient client,
        FleetId fleet,
        JsonNode? policy,
        CancellationToken cancellationToken
    )
    {
        var body = new JsonObject { ["region"] = Region, ["sku"] = Sku };
        if (policy is not null)
        {
            body["policy"] = policy.DeepClone();
        }
        try
        {
            await client.SendAsync(HttpMethod.Put, $"v1/fleets/{fleet}", body.ToJsonString(), cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.StatusCode == HttpStatusCode.PreconditionRequired)
        {
            // Registered before, with a description of its operator's own.
        }
    }

    /// <summary>One recording, read as its samples fall due.</summary>
    private sealed class Track
    {
        private readonly IEnumerator<RecordedSample> _samples;
        private readonly DateTimeOffset _first;

        public Track(string file, Recording recording, TextWriter log)
        {
            _samples = recording
                .Read(
                    (line, problem) =>
                        log.WriteLine(
                            string.Create(CultureInfo.InvariantCulture, $"{file}:{line}: {problem}; passed over")
                        )
                )
                .GetEnumerator();
            HasNext = _samples.MoveNext();
            _first = HasNext ? _samples.Current.Sample.At : default;
        }

        public bool HasNext { get; private set; }

        /// <param name="elapsed">Since the replay began, on the host's clock.</param>
        public IEnumerable<Sample> TakeUntil(TimeSpan elapsed, DateTimeOffset begun, int most)
        {
            for (; HasNext && most > 0 && _samples.Current.Sample.At - _first <= elapsed; most--)
            {
                var sample = _samples.Current.Sample;
                yield return sample with
                {
                    At = begun + (sample.At - _first),
                };
                HasNext = _samples.MoveNext();
            }
        }
    }
}
