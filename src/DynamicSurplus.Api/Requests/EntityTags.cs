using System.Buffers.Text;
using System.Text;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Engine.Steps;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DynamicSurplus.Api.Requests;

/// <summary>A stored version as an entity tag, and what a request's conditions say of it.</summary>
internal static class EntityTags
{
    /// <summary>A version may hold any character, a tag may not.</summary>
    public static string Of(string version) => $"\"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(version))}\"";

    /// <exception cref="ProblemException">
    /// If-Match or If-None-Match is there and says nothing that can be met here.
    /// </exception>
    public static FleetPrecondition Precondition(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count > 0)
        {
            var tags = Parse(request.Headers.IfMatch, "If-Match");
            return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any))
                ? FleetPrecondition.Existing
                : FleetPrecondition.OneOf([.. tags.Where(tag => !tag.IsWeak).Select(Version)]);
        }
        if (request.Headers.IfNoneMatch.Count > 0)
        {
            var tags = Parse(request.Headers.IfNoneMatch, "If-None-Match");
            return tags is [var only] && only.Equals(EntityTagHeaderValue.Any)
                ? FleetPrecondition.New
                : throw Query.Malformed(
                    "If-None-Match",
                    "names a version",
                    "send * to make a new fleet, or If-Match to change one"
                );
        }
        return FleetPrecondition.None;
    }

    /// <summary>The caller has this already.</summary>
    /// <param name="tag">Quoted, perhaps weak.</param>
    public static bool IsKnown(HttpRequest request, string tag)
    {
        if (request.Headers.IfNoneMatch.Count == 0)
        {
            return false;
        }
        var current = EntityTagHeaderValue.Parse(tag);
        return EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags)
            && tags.Any(known =>
                known.Equals(EntityTagHeaderValue.Any) || known.Compare(current, useStrongComparison: false)
            );
    }

    private static IList<EntityTagHeaderValue> Parse(IList<string?> header, string name) =>
        EntityTagHeaderValue.TryParseStrictList(header!, out var tags)
            ? tags
            : throw Query.Malformed(name, "is no list of entity tags", "send the ETag that was read, with its quotes");

    /// <summary>What no version can be is no version.</summary>
    private static string Version(EntityTagHeaderValue tag)
    {
        var quoted = tag.Tag.AsSpan();
        var inner = quoted[1..^1];
        return Base64Url.IsValid(inner) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(inner)) : "";
    }
}
