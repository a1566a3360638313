using System.Text.Encodings.Web;
using System.Text.Json;

namespace DynamicSurplus.Api.Wire;

/// <summary>How the API writes and reads JSON.</summary>
internal static class ApiJson
{
    /// <summary>Escapes only what JSON must: answers are never HTML, and a detail stays readable.</summary>
    public static readonly ApiJsonContext Shared = new(
        new JsonSerializerOptions(ApiJsonContext.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }
    );
}
