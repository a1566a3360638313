using System.Text.Json;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Infra.Tests;

public sealed class SecurityTests
{
    public static TheoryData<string> Environments => [.. Installation.Environments];

    [Theory]
    [MemberData(nameof(Environments))]
    public void Storage_knows_no_keys_and_shows_nothing_to_the_public(string environment)
    {
        var installation = Installation.Of(environment);
        var accounts = installation.OfType("Microsoft.Storage/storageAccounts").ToList();

        accounts.Count.ShouldBe(2);
        foreach (var properties in accounts.Select(static account => account.GetProperty("properties")))
        {
            properties.GetProperty("allowSharedKeyAccess").GetBoolean().ShouldBeFalse();
            properties.GetProperty("allowBlobPublicAccess").GetBoolean().ShouldBeFalse();
            properties.GetProperty("supportsHttpsTrafficOnly").GetBoolean().ShouldBeTrue();
            properties.GetProperty("minimumTlsVersion").GetString().ShouldBeOneOf("TLS1_2", "TLS1_3");
        }
        installation
            .OfType("Microsoft.Storage/storageAccounts/blobServices/containers")
            .ShouldAllBe(static container =>
                container.GetProperty("properties").GetProperty("publicAccess").GetString() == "None"
            );
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Nothing_lets_a_key_or_a_password_in(string environment)
    {
        var installation = Installation.Of(environment);

        Property(installation, "Microsoft.ServiceBus/namespaces", "disableLocalAuth").GetBoolean().ShouldBeTrue();
        Property(installation, "Microsoft.Insights/components", "DisableLocalAuth").GetBoolean().ShouldBeTrue();
        Property(installation, "Microsoft.KeyVault/vaults", "enableRbacAuthorization").GetBoolean().ShouldBeTrue();
        Property(installation, "Microsoft.OperationalInsights/workspaces", "features")
            .GetProperty("disableLocalAuth")
            .GetBoolean()
            .ShouldBeTrue();
        var passwords = installation.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies").ToList();
        passwords.Count.ShouldBe(2);
        passwords.ShouldAllBe(static policy => !policy.GetProperty("properties").GetProperty("allow").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Every_door_asks_for_tls_1_2_or_newer(string environment)
    {
        var installation = Installation.Of(environment);
        var site = Property(installation, "Microsoft.Web/sites", "siteConfig");

        Property(installation, "Microsoft.ServiceBus/namespaces", "minimumTlsVersion").GetString().ShouldBe("1.2");
        Property(installation, "Microsoft.Web/sites", "httpsOnly").GetBoolean().ShouldBeTrue();
        site.GetProperty("minTlsVersion").GetString().ShouldBeOneOf("1.2", "1.3");
        site.GetProperty("scmMinTlsVersion").GetString().ShouldBeOneOf("1.2", "1.3");
        site.GetProperty("ftpsState").GetString().ShouldBe("Disabled");
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Vault_outlives_a_mistake(string environment)
    {
        var installation = Installation.Of(environment);

        Property(installation, "Microsoft.KeyVault/vaults", "enablePurgeProtection").GetBoolean().ShouldBeTrue();
        Property(installation, "Microsoft.KeyVault/vaults", "softDeleteRetentionInDays")
            .GetInt32()
            .ShouldBeGreaterThanOrEqualTo(7);
    }

    [Fact]
    public void Production_is_reached_by_private_endpoints_alone_but_for_the_api()
    {
        var installation = Installation.Of("prod");

        installation
            .Resources.Where(static resource =>
                resource.TryGetProperty("properties", out var properties)
                && properties.TryGetProperty("publicNetworkAccess", out var access)
                && access.GetString() == "Enabled"
            )
            .Select(static resource => resource.GetProperty("type").GetString())
            .ShouldBe(["Microsoft.Web/sites"]);
        installation.OfType("Microsoft.Network/privateEndpoints").Count().ShouldBe(9);
    }

    [Fact]
    public async Task No_template_gives_a_secret_out()
    {
        var answer = await BicepCli.RunAsync(InfraFolder.Committed.Path, "build", "main.bicep", "--stdout");
        using var template = JsonDocument.Parse(answer.Output);

        var outputs = Templates(template.RootElement)
            .Where(static one => one.TryGetProperty("outputs", out _))
            .SelectMany(static one => one.GetProperty("outputs").EnumerateObject())
            .ToList();

        outputs.Count.ShouldBeGreaterThan(20);
        foreach (var output in outputs)
        {
            output.Value.GetProperty("type").GetString().ShouldNotStartWith("secure");
            output.Value.ToString().ShouldNotContain("listKeys", Case.Insensitive, output.Name);
            output.Value.ToString().ShouldNotContain("webhookSecret", Case.Insensitive, output.Name);
        }
        answer.Output.ShouldNotContain("listKeys", Case.Insensitive);
        answer.Output.ShouldNotContain("listConnectionStrings", Case.Insensitive);
    }

    private static JsonElement Property(Installation installation, string type, string name) =>
        installation.OfType(type).Single().GetProperty("properties").GetProperty(name);

    /// <summary>A template and all that are nested in it.</summary>
    private static IEnumerable<JsonElement> Templates(JsonElement template)
    {
        yield return template;
        var resources = template.GetProperty("resources");
        var children =
            resources.ValueKind == JsonValueKind.Array
                ? resources.EnumerateArray()
                : resources.EnumerateObject().Select(static resource => resource.Value);
        foreach (var child in children)
        {
            if (
                child.TryGetProperty("properties", out var properties)
                && properties.TryGetProperty("template", out var inner)
            )
            {
                foreach (var one in Templates(inner))
                {
                    yield return one;
                }
            }
        }
    }
}
