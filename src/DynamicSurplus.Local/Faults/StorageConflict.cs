using System.Text;
using System.Text.RegularExpressions;
using Azure.Core;

namespace DynamicSurplus.Local.Faults;

/// <summary>The conflict that a conditional request may meet, in the words of the service that it goes to.</summary>
/// <param name="Fault">An insert meets a row, anything else another version.</param>
/// <param name="At">Of a transaction: the change that meets it; null: the request is none.</param>
/// <param name="IsTable">Else the request goes to a blob.</param>
public sealed partial record StorageConflict(StorageFault Fault, int? At, bool IsTable = true)
{
    private const string BlobError =
        "<?xml version=\"1.0\"?><Error><Code>ConditionNotMet</Code><Message>An injected conflict.</Message></Error>";

    private bool IsInsert => Fault == StorageFault.Exists;

    /// <returns>Null where the request has no condition to fail.</returns>
    public static async ValueTask<StorageConflict?> OfAsync(Request request, CancellationToken cancellationToken)
    {
        var path = request.Uri.Path;
        if (path.EndsWith("$batch", StringComparison.Ordinal))
        {
            return OfTransaction(await TextAsync(request.Content!, cancellationToken));
        }
        var isTable = request.Headers.TryGetValue("DataServiceVersion", out _);
        if (request.Headers.TryGetValue("If-Match", out var version) && !IsAny(version))
        {
            return new(StorageFault.Changed, At: null, isTable);
        }
        return isTable && request.Method == RequestMethod.Post && !path.EndsWith("Tables", StringComparison.Ordinal)
            ? new(StorageFault.Exists, At: null)
            : null;
    }

    public FaultResponse Answer(string clientRequestId)
    {
        if (!IsTable)
        {
            return new FaultResponse(412, clientRequestId, "application/xml", BlobError).With(
                "x-ms-error-code",
                "ConditionNotMet"
            );
        }
        var (status, code) = IsInsert ? (409, "EntityAlreadyExists") : (412, "UpdateConditionNotSatisfied");
        var message = At is { } at ? $"{at}:An injected conflict." : "An injected conflict.";
        var words = $$"""{"lang":"en-US","value":"{{message}}"}""";
        var error = $$"""{"odata.error":{"code":"{{code}}","message":{{words}} } }""";
        if (At is null)
        {
            return new FaultResponse(status, clientRequestId, "application/json", error);
        }
        string[] lines =
        [
            "--batchresponse_injected",
            "Content-Type: multipart/mixed; boundary=changesetresponse_injected",
            "",
            "--changesetresponse_injected",
            "Content-Type: application/http",
            "Content-Transfer-Encoding: binary",
            "",
            $"HTTP/1.1 {status} Injected",
            "Content-Type: application/json",
            "",
            error,
            "--changesetresponse_injected--",
            "--batchresponse_injected--",
            "",
        ];
        return new FaultResponse(
            202,
            clientRequestId,
            "multipart/mixed; boundary=batchresponse_injected",
            string.Join("\r\n", lines)
        );
    }

    /// <summary>The first change that has a condition.</summary>
    private static StorageConflict? OfTransaction(string body)
    {
        var changes = Change().Split(body).Skip(1).Chunk(2).ToList();
        for (var at = 0; at < changes.Count; at++)
        {
            if (changes[at] is ["POST", _])
            {
                return new(StorageFault.Exists, at);
            }
            if (IfMatch().Match(changes[at][1]) is { Success: true } match && !IsAny(match.Groups["tag"].Value.Trim()))
            {
                return new(StorageFault.Changed, at);
            }
        }
        return null;
    }

    private static bool IsAny(string version) => version is "*";

    private static async Task<string> TextAsync(RequestContent content, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream();
        await content.WriteToAsync(stream, cancellationToken);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [GeneratedRegex(@"^(?<method>POST|PUT|PATCH|MERGE|DELETE) (?=https?://)", RegexOptions.Multiline, 1000)]
    private static partial Regex Change();

    [GeneratedRegex(@"^If-Match: ?(?<tag>.*)$", RegexOptions.Multiline | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex IfMatch();
}
