using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Reference;

/// <summary>
/// The reference twin has exactly the members that the app uses, as <c>members.json</c> has them from the official
/// sources.
/// </summary>
public sealed class ReferenceTwinTests
{
    private const string TwinName = "AzureFunctions.Reference";

    /// <summary>Null in a build on the real packages, which need no such proof.</summary>
    private static readonly Assembly? Twin =
        typeof(FunctionAttribute).Assembly is var assembly && assembly.GetName().Name == TwinName ? assembly : null;

    private static Assembly RequiredTwin
    {
        get
        {
            Assert.SkipWhen(Twin is null, "Built on the official packages: there is no twin to hold to them.");
            return Twin!;
        }
    }

    [Fact]
    public void Twin_has_the_listed_members_and_no_other() =>
        Signatures
            .Of(RequiredTwin)
            .SelectMany(type => type.Value.Select(signature => $"{type.Key}: {signature}"))
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                ReferenceMember.All.Select(member => $"{member.Type}: {member.Signature}").Order(StringComparer.Ordinal)
            );

    [Fact]
    public void Every_member_is_used()
    {
        var twin = RequiredTwin;
        var used = new UsedMembers(twin, typeof(SurplusApp).Assembly, typeof(ReferenceTwinTests).Assembly);

        var types = twin.GetExportedTypes().Where(type => !used.Has(type)).Select(type => type.FullName!);
        var members =
            from type in twin.GetExportedTypes()
            from member in Signatures.MembersOf(type)
            where !used.Has(member.Member)
            select $"{type.FullName}: {member.Text}";

        types.Concat(members).ShouldBeEmpty();
    }

    [Fact]
    public void Every_member_has_one_source() =>
        ReferenceMember.All.ShouldAllBe(member =>
            (member.Section != null && member.Named != null && member.Page == null)
            || (
                member.Section == null
                && member.Named == null
                && member.Page!.StartsWith("https://learn.microsoft.com/")
            )
        );

    [Fact]
    public void Signatures_agree_with_the_words_that_name_them() =>
        ReferenceMember
            .All.Where(member => member.Named is not null && !member.Agrees)
            .Select(member => $"{member.Signature} is not {member.Named}")
            .ShouldBeEmpty();

    [Fact]
    public void Sections_name_what_the_list_says_they_name()
    {
        if (!File.Exists(ReferenceMember.SharedPage))
        {
            Assert.Skip("../shared/azure-functions.md is not beside this clone.");
        }
        var sections = SectionsOf(File.ReadAllText(ReferenceMember.SharedPage));

        ReferenceMember
            .All.Where(member => member.Named is not null)
            .Where(member => !sections[member.Section!].Contains(Normal(member.Named!)))
            .Select(member => $"{member.Section}: {member.Named}")
            .ShouldBeEmpty();
    }

    private static Dictionary<string, string> SectionsOf(string page) =>
        Regex
            .Split(page, "^##+ ", RegexOptions.Multiline)
            .Skip(1)
            .Select(section => section.Split('\n', 2))
            .ToDictionary(section => section[0].Trim(), section => Normal(section[1]));

    /// <summary>White space and Markdown's marks say nothing.</summary>
    private static string Normal(string text) => Regex.Replace(text.Replace("`", ""), @"\s+", " ");
}
