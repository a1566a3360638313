using System.Text.RegularExpressions;

namespace DynamicSurplus.Tests.Conventions;

/// <summary>What a file may be like. Each rule gives the offenders, with their place; none: it is kept.</summary>
internal static partial class HouseRules
{
    public const int MostLines = 400;
    public const int MostColumns = 120;
    public const int MostMethodLines = 70;

    /// <summary>Its folders are the official namespaces.</summary>
    private const string Twin = "tests/AzureFunctions.Reference/";

    public static IEnumerable<string> LongFiles(IEnumerable<SourceFile> files) =>
        files
            .Where(file => file.IsCode && file.Lines.Count > MostLines)
            .Select(file => $"{file.Path}: {file.Lines.Count} lines");

    public static IEnumerable<string> LongLines(IEnumerable<SourceFile> files) =>
        files
            .Where(file => file.IsCode)
            .SelectMany(file =>
                Places(
                    file,
                    line => line.Length > MostColumns && !IsTableRow(line) ? $"{line.Length} characters" : null
                )
            );

    /// <summary>Read by indentation, which the formatter vouches for.</summary>
    public static IEnumerable<string> LongMethods(IEnumerable<SourceFile> files) =>
        files.Where(file => file.IsCode).SelectMany(LongMethods);

    public static IEnumerable<string> VagueNames(IEnumerable<SourceFile> files) =>
        files.Where(file => VagueName().IsMatch(file.Name)).Select(file => file.Path);

    public static IEnumerable<string> UnfinishedWork(IEnumerable<SourceFile> files) =>
        files.SelectMany(file => Places(file, line => FirstMatch(Unfinished(), line)));

    /// <summary>What only one machine or one feed knows. A skipped test may say what it misses.</summary>
    public static IEnumerable<string> MachinePlaces(IEnumerable<SourceFile> files) =>
        files.SelectMany(file =>
            Places(
                file,
                line =>
                    line.Contains("Assert.Skip(", StringComparison.Ordinal) ? null : FirstMatch(MachinePlace(), line)
            )
        );

    /// <summary>A lock that names its registry cannot be installed from another.</summary>
    public static IEnumerable<string> LockedRegistries(IEnumerable<SourceFile> files) =>
        files
            .Where(file => string.Equals(file.Name, "package-lock.json", StringComparison.Ordinal))
            .SelectMany(file => Places(file, line => FirstMatch(Resolved(), line)));

    public static IEnumerable<string> WrongNamespaces(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCode && TopTypes(file).Any()
        let folder = file.Path[..^(file.Name.Length + 1)].Replace(Twin, "tests/", StringComparison.Ordinal)
        let expected = folder[(folder.IndexOf('/', StringComparison.Ordinal) + 1)..].Replace('/', '.')
        let actual = file.Lines.Select(line => Namespace().Match(line)).FirstOrDefault(match => match.Success)
        where actual?.Groups["name"].Value != expected
        select $"{file.Path}: namespace {actual?.Groups["name"].Value ?? "(none)"}, expected {expected};";

    /// <summary>One top type a file, which is named as the type; a part of a type is <c>Type.Part.cs</c>.</summary>
    public static IEnumerable<string> WrongTypes(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCode
        let types = TopTypes(file).ToList()
        where types.Count > 0
        let names = types.Select(type => type.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList()
        let parts = file.Name.Split('.')
        let isPart = parts.Length == 3
            && types.TrueForAll(type => type.Value.Contains("partial", StringComparison.Ordinal))
        where names.Count != 1 || names[0] != parts[0] || (parts.Length != 2 && !isPart)
        select $"{file.Path}: {string.Join(", ", names)}";

    private static IEnumerable<Match> TopTypes(SourceFile file) =>
        file.Lines.Select(line => TopType().Match(line)).Where(match => match.Success);

    private static IEnumerable<string> LongMethods(SourceFile file)
    {
        var lines = file.Lines;
        for (var open = 0; open < lines.Count; open++)
        {
            var indent = lines[open].Length - 1;
            if (indent < 4 || lines[open].TrimStart() != "{")
            {
                continue;
            }
            var head = open - 1;
            while (head > 0 && !StartsAt(lines[head], indent) && !IsFurtherOut(lines[head], indent))
            {
                head--;
            }
            if (IsFurtherOut(lines[head], indent))
            {
                continue; // no declaration's brackets: an initializer's, a lambda's
            }
            var close = open + 1;
            while (
                close < lines.Count
                && !(lines[close].StartsWith(new string(' ', indent) + '}', StringComparison.Ordinal))
            )
            {
                close++;
            }
            var length = close - head + 1;
            if (length > MostMethodLines && !TopType().IsMatch(lines[head].TrimStart()))
            {
                yield return $"{file.Path}:{head + 1}: {length} lines";
            }
        }
    }

    /// <summary>A row of a table that a test spells out: broken lines could not be read across and down.</summary>
    private static bool IsTableRow(string line) => line.Count(character => character == '|') > 8;

    /// <summary>Where a declaration begins: not at its closing bracket, which stands as far in.</summary>
    private static bool StartsAt(string line, int indent) =>
        line.Length > indent
        && string.IsNullOrWhiteSpace(line[..indent])
        && char.IsLetter(line[indent])
        && !line.AsSpan(indent).StartsWith("where ", StringComparison.Ordinal);

    private static bool IsFurtherOut(string line, int indent) =>
        !string.IsNullOrWhiteSpace(line) && line.Length - line.TrimStart().Length < indent;

    private static IEnumerable<string> Places(SourceFile file, Func<string, string?> problem) =>
        file
            .Lines.Select((line, index) => (Problem: problem(line), Number: index + 1))
            .Where(place => place.Problem is not null)
            .Select(place => $"{file.Path}:{place.Number}: {place.Problem}");

    private static string? FirstMatch(Regex regex, string line) =>
        regex.Match(line) is { Success: true } match ? match.Value : null;

    [GeneratedRegex(
        @"^(?!file )(?:(?:public|internal|static|sealed|abstract|readonly|partial|ref|unsafe|private|protected) )*"
            + @"(?:record struct|record class|record|class|struct|interface|enum|delegate \S+) (?<name>\w+)",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex TopType();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"(Helpers?|Utils?|Utilit(y|ies)|Managers?|Common|Misc)\.\w+$", RegexOptions.ExplicitCapture)]
    private static partial Regex VagueName();

    // Character classes keep these three from finding themselves.
    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HAC[K])\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Unfinished();

    [GeneratedRegex(
        @"registr[y]\.[a-z]+\.|npmj[s]\.|nuge[t]\.org|(?<![\w.])/(wor[k]|hom[e]|roo[t]|User[s])/\w|\.\./share[d]/",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex MachinePlace();

    [GeneratedRegex("\"resolve[d]\":")]
    private static partial Regex Resolved();
}
