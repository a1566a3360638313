using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Conventions;

/// <summary>
/// The core is told the time and the dice, and touches nothing outside: read from what its compiled code refers to, so
/// that neither a suppression nor an alias hides it.
/// </summary>
public sealed class CorePurityTests
{
    private static readonly string[] BannedRooms =
    [
        "System.IO",
        "System.Net",
        "System.Text.Json",
        "System.Threading.Tasks",
        "Microsoft",
        "Azure",
    ];

    private static readonly HashSet<string> BannedTypes = new(StringComparer.Ordinal)
    {
        "System.Console",
        "System.Diagnostics.Stopwatch",
        "System.Random",
        "System.Security.Cryptography.RandomNumberGenerator",
        "System.Threading.Thread",
        "System.Threading.Timer",
        "System.TimeProvider",
    };

    private static readonly HashSet<string> BannedMembers = new(StringComparer.Ordinal)
    {
        "System.DateTime.get_Now",
        "System.DateTime.get_Today",
        "System.DateTime.get_UtcNow",
        "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow",
        "System.Guid.CreateVersion7",
        "System.Guid.NewGuid",
    };

    [Fact]
    public void Core_refers_to_nothing_impure() => Impurities("DynamicSurplus.dll").ShouldBeEmpty();

    [Fact]
    public void Impurities_of_a_host_are_found()
    {
        var found = Impurities("surplus.dll");

        found.ShouldContain("System.Threading.Tasks.Task");
        found.ShouldContain("System.IO.File");
        found.ShouldContain("System.Console");
        found.ShouldContain("System.TimeProvider");
        found.ShouldContain("System.Environment.GetFolderPath");
    }

    [Fact]
    public void Impure_members_are_found() =>
        Impurities("DynamicSurplus.Tests.dll").ShouldContain("System.Guid.NewGuid");

    private static List<string> Impurities(string assembly)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var types = metadata.TypeReferences.Select(handle => NameOf(metadata, handle)).Where(IsBanned);
        var members = metadata
            .MemberReferences.Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member =>
                $"{NameOf(metadata, (TypeReferenceHandle)member.Parent)}.{metadata.GetString(member.Name)}"
            )
            .Where(member => BannedMembers.Contains(member) || IsOfEnvironment(member));
        return [.. types.Concat(members)];
    }

    private static bool IsBanned(string type) =>
        BannedTypes.Contains(type)
        || Array.Exists(BannedRooms, room => type.StartsWith(room + ".", StringComparison.Ordinal));

    /// <summary>The compiler's iterators ask which thread they are on; nobody else asks anything.</summary>
    private static bool IsOfEnvironment(string member) =>
        member.StartsWith("System.Environment.", StringComparison.Ordinal)
        && !member.EndsWith(".get_CurrentManagedThreadId", StringComparison.Ordinal);

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
