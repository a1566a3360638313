using Azure.Core;
using Azure.Core.Pipeline;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Cloud;

/// <summary>
/// Around all tries of a call: where the last one failed too, the caller is told in the engine's words, whatever of the
/// vendor's failures it was.
/// </summary>
internal sealed class UnavailablePolicy : HttpPipelinePolicy
{
    public static readonly UnavailablePolicy Shared = new();

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Nothing here blocks.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        catch (Exception failure) when (!message.CancellationToken.IsCancellationRequested)
        {
            throw new UnavailableException($"Storage could not be reached: {Words(message)}.", failure);
        }
        if (message.Response.Status is 408 or 429 or >= 500)
        {
            var status = message.Response.Status;
            message.Response.Dispose();
            throw new UnavailableException($"Storage answered {status} to the last try: {Words(message)}.");
        }
    }

    /// <summary>Without the query: it may hold a signature.</summary>
    private static string Words(HttpMessage message) => $"{message.Request.Method} {message.Request.Uri.Path}";
}
