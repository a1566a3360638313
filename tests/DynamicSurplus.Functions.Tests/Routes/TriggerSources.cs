using System.Text.RegularExpressions;

namespace DynamicSurplus.Functions.Tests.Routes;

/// <summary>The functions as they are written.</summary>
internal static partial class TriggerSources
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories);

    /// <summary>Lines of each function's body, as <c>Type.Method</c>; brackets and signature are not counted.</summary>
    public static IReadOnlyDictionary<string, int> Bodies() =>
        Files("src/DynamicSurplus.Functions")
            .SelectMany(file => BodiesOf(Path.GetFileNameWithoutExtension(file), File.ReadAllLines(file)))
            .ToDictionary(body => body.Name, body => body.Lines);

    private static IEnumerable<(string Name, int Lines)> BodiesOf(string type, string[] lines)
    {
        for (var line = 0; line < lines.Length; line++)
        {
            if (!lines[line].StartsWith("    [Function(", StringComparison.Ordinal))
            {
                continue;
            }
            var head = Array.FindIndex(lines, line, text => text.StartsWith("    public ", StringComparison.Ordinal));
            var name = MethodName().Match(lines[head]).Groups["name"].Value;
            // The formatter vouches for the indents: a body is in brackets, or an expression up to its semicolon.
            var start = Array.FindIndex(lines, head, text => text is "    {" || text.Contains("=>"));
            var isBlock = lines[start] is "    {";
            var end = Array.FindIndex(lines, start, text => isBlock ? text is "    }" : text.EndsWith(';'));
            yield return ($"{type}.{name}", isBlock ? end - start - 1 : end - start + 1);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DynamicSurplus.sln")))
        {
            folder =
                folder.Parent
                ?? throw new DirectoryNotFoundException("No DynamicSurplus.sln above the tests: run them in a clone.");
        }
        return folder.FullName;
    }

    [GeneratedRegex(@" (?<name>\w+)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex MethodName();
}
