namespace DynamicSurplus.Tests.Conventions;

/// <summary>The repository that this test assembly was built from.</summary>
internal static class SourceTree
{
    private static readonly string[] Rooms = ["src", "tests", "docs", "tools", "infra", ".ci", ".config"];
    private static readonly string[] Generated = ["artifacts", "bin", "obj", "node_modules", "TestResults"];
    private static readonly Lazy<IReadOnlyList<SourceFile>> Read = new(() => [.. ReadAll()]);

    public static string Root { get; } = FindRoot();

    /// <summary>All files of the rooms, and those in the root itself; not what a build or an install leaves.</summary>
    public static IReadOnlyList<SourceFile> Files => Read.Value;

    /// <summary>From the root; also where they lie outside the rooms.</summary>
    public static string PathOf(string path) => Path.Combine(Root, path);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DynamicSurplus.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName
            ?? throw new DirectoryNotFoundException("No DynamicSurplus.sln above the tests: run them in a clone.");
    }

    private static IEnumerable<SourceFile> ReadAll() =>
        Directory
            .EnumerateFiles(Root)
            .Concat(Rooms.Select(PathOf).Where(Directory.Exists).SelectMany(FilesUnder))
            .Where(path => !string.Equals(Path.GetFileName(path), ".git", StringComparison.Ordinal))
            .Select(path => new SourceFile(
                Path.GetRelativePath(Root, path).Replace('\\', '/'),
                File.ReadAllText(path)
            ));

    private static IEnumerable<string> FilesUnder(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Concat(
                Directory
                    .EnumerateDirectories(folder)
                    .Where(inner => !Generated.Contains(Path.GetFileName(inner), StringComparer.Ordinal))
                    .SelectMany(FilesUnder)
            );
}
