using System.Text.Json;
using System.Text.RegularExpressions;
using DynamicSurplus.Functions.Tests.Routes;

namespace DynamicSurplus.Functions.Tests.Reference;

/// <summary>
/// One line of <c>members.json</c>: a member of the official API, and where it is said that it is so.
/// </summary>
/// <param name="Signature">As <see cref="Signatures"/> writes it.</param>
/// <param name="Section">Of azure-functions.md; null: the page says it.</param>
/// <param name="Named">The words by which the section names it.</param>
/// <param name="Page">Of the official reference; null: the section says it.</param>
public sealed partial record ReferenceMember(
    string Type,
    string Signature,
    string? Section = null,
    string? Named = null,
    string? Page = null
)
{
    /// <summary>The list of what the app uses of the official API.</summary>
    public static IReadOnlyList<ReferenceMember> All { get; } = Read();

    /// <summary>
    /// The page that names a fact of the platform; it lies beside the clone where the product is built.
    /// </summary>
    public static string SharedPage { get; } = Path.Combine(TriggerSources.Root, "..", "shared", "azure-functions.md");

    /// <summary>Whether the signature says all that the section's words say: each of their names is in it.</summary>
    public bool Agrees =>
        Names().Matches(Named!).Select(match => match.Value).All(name => Regex.IsMatch(Whole, $@"\b{name}\b"));

    private string Whole => $"{Type[(Type.LastIndexOf('.') + 1)..]} {Signature}";

    private static ReferenceMember[] Read()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Reference", "members.json");
        return JsonSerializer.Deserialize<ReferenceMember[]>(File.ReadAllText(file), JsonSerializerOptions.Web)!;
    }

    [GeneratedRegex(@"[A-Za-z]\w+")]
    private static partial Regex Names();
}
