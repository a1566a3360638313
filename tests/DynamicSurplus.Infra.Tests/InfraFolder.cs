namespace DynamicSurplus.Infra.Tests;

/// <summary>The repository's <c>infra</c>, or a copy of it that a test may spoil.</summary>
internal sealed class InfraFolder : IDisposable
{
    private readonly bool _isCopy;

    private InfraFolder(string path, bool isCopy) => (Path, _isCopy) = (path, isCopy);

    public static string Root { get; } = FindRoot();

    public static InfraFolder Committed { get; } = new(System.IO.Path.Combine(Root, "infra"), isCopy: false);

    public string Path { get; }

    /// <summary>A copy in which one text of one file was replaced by another.</summary>
    public static InfraFolder CopyWith(string file, string text, string replacement)
    {
        var copy = Directory.CreateTempSubdirectory("surplus-infra-").FullName;
        foreach (var source in Directory.EnumerateFiles(Committed.Path, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(copy, System.IO.Path.GetRelativePath(Committed.Path, source));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(source, target);
        }
        var spoilt = System.IO.Path.Combine(copy, file);
        var before = File.ReadAllText(spoilt);
        File.WriteAllText(spoilt, before.Replace(text, replacement, StringComparison.Ordinal));
        return string.Equals(before, File.ReadAllText(spoilt), StringComparison.Ordinal)
            ? throw new InvalidOperationException($"infra/{file} does not hold '{text}': the test spoils nothing.")
            : new(copy, isCopy: true);
    }

    public static string ReadFromRoot(string path) => File.ReadAllText(System.IO.Path.Combine(Root, path));

    public void Dispose()
    {
        if (_isCopy)
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "DynamicSurplus.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName
            ?? throw new DirectoryNotFoundException("No DynamicSurplus.sln above the tests: run them in a clone.");
    }
}
