using System.Text.Json;
using System.Text.RegularExpressions;
using DynamicSurplus.Engine.Ports;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Routes;

/// <summary>The host's file, as the build copies it beside the app.</summary>
public sealed class HostJsonTests
{
    private static readonly Dictionary<string, string> Leaves = ReadLeaves();

    [Theory]
    [InlineData("extensions.http.routePrefix", "")]
    [InlineData("extensions.durableTask.hubName", "%TASKHUB_NAME%")]
    [InlineData("extensions.durableTask.throwStatusExceptionsOnRaiseEvent", "True")]
    [InlineData("extensions.durableTask.storageProvider.controlQueueVisibilityTimeout", "00:01:00")]
    [InlineData("extensions.durableTask.storageProvider.workItemQueueVisibilityTimeout", "00:01:00")]
    [InlineData("extensions.durableTask.storageProvider.maxQueuePollingInterval", "00:00:02")]
    public void Setting_is_what_the_app_counts_on(string leaf, string value) => Leaves[leaf].ShouldBe(value);

    [Fact]
    public void Host_delivers_as_often_as_every_host_of_the_product() =>
        Leaves["extensions.queues.maxDequeueCount"].ShouldBe($"{QueueLimits.MaxDeliveries}");

    [Fact]
    public void Every_setting_has_its_reason_in_the_docs()
    {
        var docs = File.ReadAllText(Path.Combine(TriggerSources.Root, "docs", "host.md"));
        var rows = Regex.Matches(docs, @"^\| `(?<leaf>[\w.]+)` \| .+ \| .+ \|$", RegexOptions.Multiline);

        rows.Select(row => row.Groups["leaf"].Value).ShouldBe(Leaves.Keys, ignoreOrder: true);
    }

    private static Dictionary<string, string> ReadLeaves()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));
        return Walk("", json.RootElement).ToDictionary(leaf => leaf.Path, leaf => leaf.Value);
    }

    private static IEnumerable<(string Path, string Value)> Walk(string path, JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
            ? element
                .EnumerateObject()
                .SelectMany(member => Walk(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value))
            : [(path, element.ToString())];
}
