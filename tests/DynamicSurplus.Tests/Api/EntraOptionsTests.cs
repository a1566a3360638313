using DynamicSurplus.Api;
using DynamicSurplus.Api.Access;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class EntraOptionsTests
{
    private const string Customer = "11111111-2222-3333-4444-555555555555";
    private const string Home = "aaaaaaaa-0000-0000-0000-000000000001";

    private static readonly EntraOptions OfOne = new()
    {
        Authority = $"https://login.microsoftonline.com/{Home}/v2.0",
        Audience = Customer,
    };

    private static readonly EntraOptions OfMany = OfOne with
    {
        Authority = "https://login.microsoftonline.com/organizations/v2.0/",
        AllowedDirectories = [Customer],
        HomeDirectory = Home,
    };

    [Fact]
    public void An_authority_of_one_directory_or_of_many_can_be_used()
    {
        OfOne.Errors().ShouldBeEmpty();
        OfMany.Errors().ShouldBeEmpty();
        (OfOne with { Authority = "http://127.0.0.1:8080/x/v2.0", TenantClaim = "azp" }).Errors().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("login.microsoftonline.com/x/v2.0")]
    [InlineData("http://login.microsoftonline.com/x/v2.0")]
    [InlineData("ftp://127.0.0.1/x/v2.0")]
    [InlineData("https://login.microsoftonline.com/x")]
    [InlineData("https://login.microsoftonline.com/x/v2.0?p=q")]
    [InlineData("https://login.microsoftonline.com/x/v2.0#f")]
    [InlineData("https://user@login.microsoftonline.com/x/v2.0")]
    public void An_authority_that_is_none_is_named(string authority) =>
        Fields(OfOne with { Authority = authority }).ShouldBe(["Authority"]);

    [Fact]
    public void Every_other_setting_is_named_too()
    {
        Fields(OfOne with { Audience = "" }).ShouldBe(["Audience"]);
        Fields(OfOne with { Audience = "a b" }).ShouldBe(["Audience"]);
        Fields(OfOne with { TenantClaim = "" }).ShouldBe(["TenantClaim"]);
        Fields(OfOne with { TenantClaim = "a\"b" }).ShouldBe(["TenantClaim"]);
        Fields(OfOne with { AllowedDirectories = [Customer] }).ShouldBe(["AllowedDirectories"]);
        Fields(OfOne with { HomeDirectory = Home }).ShouldBe(["HomeDirectory"]);
        Fields(OfMany with { AllowedDirectories = [] }).ShouldBe(["AllowedDirectories"]);
        Fields(OfMany with { AllowedDirectories = ["contoso.com"] }).ShouldBe(["AllowedDirectories"]);
        Fields(OfMany with { HomeDirectory = null }).ShouldBe(["HomeDirectory"]);
        Fields(OfMany with { TenantClaim = "customer" }).ShouldBe(["TenantClaim"]);
    }

    [Fact]
    public void A_host_does_not_start_with_settings_that_are_wrong() =>
        Should
            .Throw<FormatException>(() =>
                new ServiceCollection().AddDynamicSurplusApi([], entra: OfOne with { Audience = "" })
            )
            .Message.ShouldStartWith("Entra Audience: '' is no audience");

    private static IEnumerable<string> Fields(EntraOptions options) => options.Errors().Select(error => error.Field);
}
